"""A primary that is frozen or steps down under load: true answers, in time, and nothing lost."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest
from pymongo.errors import PyMongoError

from tests.faults.senders import KEPT, Senders, broken_promises
from tests.support.mongod import Mongod
from tests.support.mongod import mongod as mongod_process
from tests.support.repetitions import DRIVERS_TRIED, times
from tests.support.servers import serving
from tests.support.stores import a_store

PAUSE_SECONDS = times(10, quick=3)


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
    tmp_path: Path, kind: str, pause: Callable[[Mongod], Awaitable[None]]
) -> None:
    with mongod_process() as server:
        store = a_store(kind, tmp_path, server.url)
        account = await asyncio.to_thread(store.account)
        with serving(store) as process:
            senders = Senders(process, account)
            load = asyncio.create_task(senders.until(600))
            await senders.promised_so_many_more(200)
            await pause(server)
            await load

        assert senders.odd <= {503}
        assert await broken_promises(store, account, senders) == KEPT
