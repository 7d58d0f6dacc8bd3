"""What was answered 201 survives `kill -9` of MongoDB, exactly once and with its own content."""

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.by_hand import places_of
from tests.support.load import post_lead
from tests.support.mongod import Mongod
from tests.support.mongod import mongod as mongod_process
from tests.support.sabotage import program
from tests.support.servers import PROGRAM, Server, serving
from tests.support.stores import Account, Store, a_store

KILLS = 10
SENDERS = 32
SEED = 20261124


@pytest.fixture
def own_mongod() -> Iterator[Mongod]:
    with mongod_process() as server:
        yield server


class Senders:
    """They never pause; what they were promised is kept by number."""

    def __init__(self, server: Server, account: Account) -> None:
        self._server = server
        self._account = account
        self._sent = 0
        self.promised: dict[int, str] = {}
        self.odd: set[int] = set()

    async def until(self, promises: int) -> None:
        """Send until so many more promises were made."""
        goal = len(self.promised) + promises
        async with asyncio.TaskGroup() as group:
            for _ in range(SENDERS):
                group.create_task(self._send(goal))

    async def promised_so_many_more(self, count: int) -> None:
        """The load is in full swing when this returns."""
        goal = len(self.promised) + count
        while len(self.promised) < goal:  # noqa: ASYNC110  the senders are in this very loop
            await asyncio.sleep(0.001)

    async def _send(self, goal: int) -> None:
        while len(self.promised) < goal:
            self._sent += 1
            name = f"lead {self._sent}"
            answer = await post_lead(self._server.port, self._account, {"name": name})
            assert answer is not None
            if answer.status == 201:
                self.promised[answer.json()["lead_id"]] = name
            else:
                self.odd.add(answer.status)
                await asyncio.sleep(0.01)


async def kill_under_load(
    store: Store, server: Mongod, times: int, what: tuple[str, ...]
) -> Counter[str]:
    """How often a promise was broken, in each way, over so many kills."""
    account = await asyncio.to_thread(store.account)
    dice = random.Random(SEED)
    with serving(store, program=what) as serving_process:
        senders = Senders(serving_process, account)
        for _ in range(times):
            load = asyncio.create_task(senders.until(400))
            await senders.promised_so_many_more(dice.randint(50, 300))
            server.kill()
            await asyncio.to_thread(server.start)
            await load
    leads = await asyncio.to_thread(store.leads, account)
    names = {lead.lead_id: lead.details.name for lead in leads}
    assert senders.odd <= {503}
    return Counter(
        {
            "lost": sum(names.get(number) != name for number, name in senders.promised.items()),
            "twice": len(names) - len(set(names.values())),
            "places": abs(len(places_of(store, account)) - len(leads)),
        }
    )


@pytest.mark.parametrize("kind", ["motor", "pymongo"])
async def test_no_acknowledged_lead_is_lost_or_doubled_when_mongod_is_killed(
    tmp_path: Path, own_mongod: Mongod, kind: str
) -> None:
    store = a_store(kind, tmp_path, own_mongod.url)

    broken = await kill_under_load(store, own_mongod, KILLS // 2, PROGRAM)

    assert broken == {"lost": 0, "twice": 0, "places": 0}


async def test_the_test_above_sees_a_loss_where_the_journal_is_not_waited_for(
    tmp_path: Path,
) -> None:
    # The longest that a journal may wait: what waits in memory is what a kill takes.
    with mongod_process("--journalCommitInterval", "500", replica_set=False) as server:
        store = a_store("motor", tmp_path, server.url)

        broken = await kill_under_load(store, server, 6, program("no-journal"))

    assert broken["lost"] > 0
