"""All rows of a statement, fetched as one."""

import pytest

from adapters.sqlite.connection.driver import sqlite3
from adapters.sqlite.connection.rows import rows_in_one

SELECT = """
SELECT CAST(json_group_array(json_array(number, text)) AS BLOB)
FROM (SELECT ? AS number, ? AS text
"""
ROWS = [[1, "'\"\\ \0 🙂"], [None, ""], [2**63 - 1, None]]


def test_the_rows_are_what_they_were() -> None:
    with sqlite3.connect(":memory:") as connection:
        query = SELECT + " UNION ALL SELECT ?, ?" * 2 + ")"
        cursor = connection.execute(query, [value for row in ROWS for value in row])

        assert rows_in_one(cursor) == ROWS


def test_there_may_be_none() -> None:
    with sqlite3.connect(":memory:") as connection:
        assert rows_in_one(connection.execute(SELECT + " WHERE 0)", [1, ""])) == []


def test_a_text_that_is_no_utf_8_is_no_error_of_the_store() -> None:
    with sqlite3.connect(":memory:") as connection:
        query = SELECT.replace("? AS text", "CAST(? AS TEXT) AS text") + ")"
        cursor = connection.execute(query, [1, b"\xff"])

        with pytest.raises(ValueError, match="UTF-8"):
            rows_in_one(cursor)
