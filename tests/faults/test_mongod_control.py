"""That a lost lead is noticed by those tests which look for one after a kill of MongoDB."""

from pathlib import Path

import pytest

from tests.faults.test_mongod_away import kill_under_load
from tests.support.sabotage import program
from tests.support.servers.mongod import mongod
from tests.support.stores import a_store

MOST_ROUNDS_UNTIL_A_LOSS = 10


async def test_a_loss_is_seen_where_the_journal_is_not_waited_for(tmp_path: Path) -> None:
    # The longest that a journal may wait: what waits in memory is what a kill takes.
    with mongod("--journalCommitInterval", "500", replica_set=False) as server:
        store = a_store("motor", tmp_path, server.url)
        for _ in range(MOST_ROUNDS_UNTIL_A_LOSS):  # each kill may find all written just in time
            broken = await kill_under_load(store, server, 4, program("no-journal"))
            if broken["lost"]:
                return

    pytest.fail("no loss was seen")
