"""What was answered 201 survives `kill -9`, exactly once and with its own content."""

import asyncio
import random
from collections import Counter

import pytest

from tests.faults.senders import KEPT, Senders, broken_promises
from tests.support.by_hand import places_of
from tests.support.program import PROGRAM, serving
from tests.support.repetitions import times
from tests.support.sabotage import program
from tests.support.stores import Account, Store

KILLS = times(20, quick=2)
WITHOUT_END = 1_000_000
SEED = 20261123


async def kill_under_load(
    fresh: Store, account: Account, times: int, command: tuple[str, ...]
) -> Counter[str]:
    """How often a promise was broken, in each way, over so many kills."""
    dice = random.Random(SEED)
    senders: Senders | None = None
    broken: Counter[str] = Counter(KEPT)
    for _ in range(times):
        with serving(fresh, program=command) as server:
            senders = senders or Senders(server, account)
            senders.server = server
            load = asyncio.create_task(senders.until(WITHOUT_END))
            await senders.promised_so_many_more(dice.randint(50, 200))
            server.kill()
            await load
        broken.update(await broken_promises(fresh, account, senders))
    assert senders is not None
    assert senders.odd <= {503}
    return broken


async def test_no_acknowledged_lead_is_lost_or_doubled_and_each_holds_a_place(
    fresh: Store,
) -> None:
    account = await asyncio.to_thread(fresh.account)

    assert await kill_under_load(fresh, account, KILLS, PROGRAM) == KEPT
    places = places_of(fresh, account)
    assert len(places) == len(set(places)) > 0


async def test_the_test_above_sees_a_loss_where_leads_are_acknowledged_before_the_commit(
    fresh: Store,
) -> None:
    for _ in range(CHANCES):  # one kill may find every early promise kept just in time
        account = await asyncio.to_thread(fresh.account)
        broken = await kill_under_load(fresh, account, 1, program("acknowledge-early"))
        if broken["lost"]:
            return

    pytest.fail("no loss was seen")


CHANCES = 20
"""To see a loss; the first one will do."""
