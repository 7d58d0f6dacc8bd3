from hypothesis import given
from hypothesis import strategies as st

from adapters.sqlite import SqliteLeadLedger, SqliteProjectRegister
from adapters.sqlite.connection.driver import sqlite3
from adapters.sqlite.leads.places import _lowest_free
from entrypoints.channel_contract.examples import EXAMPLES
from tests.contracts.recording import NOVEMBER, MakeHole, fill, record
from tests.support.builders import a_capture, a_project


@EXAMPLES
@given(limit=st.integers(0, 30), taken=st.sets(st.integers(1, 30)), usable=st.integers(0, 30))
def test_the_lowest_free_numbers_are_used_and_no_more_than_may_be(
    limit: int, taken: set[int], usable: int
) -> None:
    within = sorted(place for place in taken if place <= limit)
    free = sorted(set(range(1, limit + 1)) - taken)

    assert list(_lowest_free(iter(within), limit, usable)) == free[:usable]


async def test_of_the_holes_the_lowest_are_used_and_the_highest_stay_closed(
    ledger: SqliteLeadLedger,
    projects: SqliteProjectRegister,
    make_hole: MakeHole,
    by_hand: sqlite3.Connection,
) -> None:
    project = a_project()
    await projects.add(project)
    await fill(ledger, project, 10, limit=10)
    for place in (2, 4, 6):
        await make_hole(project, NOVEMBER, place)

    await record(ledger, *(a_capture(project) for _ in range(3)), limit=8)

    taken = [row[0] for row in by_hand.execute("SELECT place FROM leads ORDER BY place")]
    assert taken == [1, 2, 3, 5, 7, 8, 9, 10]
