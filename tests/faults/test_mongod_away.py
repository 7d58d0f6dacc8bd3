"""What was answered 201 survives `kill -9` of MongoDB, exactly once and with its own content."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from pymongo.errors import PyMongoError

from tests.faults.senders import KEPT, Senders, broken_promises
from tests.support.program import PROGRAM, serving
from tests.support.repetitions import DRIVERS_TRIED, times
from tests.support.servers.mongod import Mongod
from tests.support.servers.mongod import mongod as mongod_process
from tests.support.stores import Store, a_store

KILLS = times(10, quick=2)
SEED = 20261124


@pytest.fixture(scope="module")
def own_mongod() -> Iterator[Mongod]:
    with mongod_process() as server:
        yield server


async def kill_under_load(
    store: Store, server: Mongod, times: int, what: tuple[str, ...]
) -> Counter[str]:
    """How often a promise was broken, in each way, over so many kills."""
    account = await asyncio.to_thread(store.account)
    dice = random.Random(SEED)
    with serving(store, program=what) as serving_process:
        senders = Senders(serving_process, account)
        for _ in range(times):
            load = asyncio.create_task(senders.until(120))
            await senders.promised_so_many_more(dice.randint(20, 80))
            server.kill()
            await asyncio.to_thread(server.start)
            await load
    assert senders.odd <= {503}
    return await broken_promises(store, account, senders)


@pytest.mark.parametrize("kind", DRIVERS_TRIED)
async def test_no_acknowledged_lead_is_lost_or_doubled_when_mongod_is_killed(
    tmp_path: Path, own_mongod: Mongod, kind: str
) -> None:
    store = a_store(kind, tmp_path, own_mongod.url)

    broken = await kill_under_load(store, own_mongod, KILLS, PROGRAM)

    assert broken == KEPT


PAUSE_SECONDS = times(10, quick=2)


async def freeze(server: Mongod) -> None:
    server.freeze()
    await asyncio.sleep(PAUSE_SECONDS)
    server.thaw()


async def step_down(server: Mongod) -> None:
    def work() -> None:
        with server.direct() as client, suppress(PyMongoError):
            command = {"replSetStepDown": PAUSE_SECONDS, "force": True}
            client.admin.command(command)

    await asyncio.to_thread(work)
    await asyncio.sleep(PAUSE_SECONDS)


@pytest.mark.parametrize("kind", DRIVERS_TRIED)
@pytest.mark.parametrize("pause", [freeze, step_down])
async def test_no_acknowledged_lead_is_lost_or_doubled_when_the_primary_pauses(
    tmp_path: Path, own_mongod: Mongod, kind: str, pause: Callable[[Mongod], Awaitable[None]]
) -> None:
    store = a_store(kind, tmp_path, own_mongod.url)
    account = await asyncio.to_thread(store.account)
    with serving(store) as process:
        senders = Senders(process, account)
        load = asyncio.create_task(senders.until(300))
        await senders.promised_so_many_more(100)
        await pause(own_mongod)
        await load

    assert senders.odd <= {503}
    assert await broken_promises(store, account, senders) == KEPT
