from adapters.sqlite import SqliteDatabase
from adapters.sqlite.held.held_archive import _ROOM
from tests.contracts.held.held_archive import HeldArchiveContract, RoomContract


class TestSqliteHeldArchive(HeldArchiveContract, RoomContract):
    pass


async def test_room_is_read_from_an_index_alone(database: SqliteDatabase) -> None:
    (plan,) = await database.read(
        lambda c: c.execute(f"EXPLAIN QUERY PLAN {_ROOM}", ("prj_1", "CODE")).fetchall()
    )

    assert plan[-1].startswith("SEARCH held USING COVERING INDEX")
