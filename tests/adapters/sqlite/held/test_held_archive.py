import pytest

from adapters.sqlite import SqliteDatabase
from adapters.sqlite.held.held_archive import _ROOM, _selection
from domain.held import HeldQuery
from tests.contracts.held.held_archive import HeldArchiveContract, RoomContract


class TestSqliteHeldArchive(HeldArchiveContract, RoomContract):
    pass


async def test_room_is_read_from_an_index_alone(database: SqliteDatabase) -> None:
    (plan,) = await database.read(
        lambda c: c.execute(f"EXPLAIN QUERY PLAN {_ROOM}", ("prj_1", "CODE")).fetchall()
    )

    assert plan[-1].startswith("SEARCH held USING COVERING INDEX")


@pytest.mark.parametrize("newest_first", [True, False])
async def test_a_page_of_a_code_is_read_in_the_order_of_its_index(
    database: SqliteDatabase, newest_first: bool
) -> None:
    query = HeldQuery(project_id="prj_1", code="CODE", newest_first=newest_first)
    sql, values = _selection(query, "held_5")

    (plan,) = await database.read(
        lambda c: c.execute(f"EXPLAIN QUERY PLAN {sql}", (*values, 9)).fetchall()
    )

    assert "USING INDEX held_for_a_reason" in plan[-1]


async def test_what_says_the_same_is_found_by_an_index(database: SqliteDatabase) -> None:
    sql, values = _selection(HeldQuery(project_id="prj_1", says=["a", "b"]), None)

    plan = await database.read(
        lambda c: c.execute(f"EXPLAIN QUERY PLAN {sql}", (*values, 9)).fetchall()
    )

    assert "USING INDEX held_alike (project_id=? AND says=?)" in plan[0][-1]
