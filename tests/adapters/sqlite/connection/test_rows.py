"""All rows of a statement, fetched as one."""

from adapters.sqlite.connection.driver import sqlite3
from adapters.sqlite.connection.rows import rows_in_one

SELECT = "SELECT json_group_array(json_array(number, text)) FROM (SELECT ? AS number, ? AS text"
ROWS = [[1, "'\"\\ \0 🙂"], [None, ""], [2**63 - 1, None]]


def test_the_rows_are_what_they_were() -> None:
    with sqlite3.connect(":memory:") as connection:
        query = SELECT + " UNION ALL SELECT ?, ?" * 2 + ")"
        cursor = connection.execute(query, [value for row in ROWS for value in row])

        assert rows_in_one(cursor) == ROWS


def test_there_may_be_none() -> None:
    with sqlite3.connect(":memory:") as connection:
        assert rows_in_one(connection.execute(SELECT + " WHERE 0)", [1, ""])) == []
