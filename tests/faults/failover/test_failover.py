"""A replica set that loses its primary under load; figures: `python -m tests.faults.failover`."""

import asyncio
from pathlib import Path

import pytest

from tests.faults.failover.disturbances import DISTURBANCES
from tests.faults.senders import KEPT, Senders, broken_promises
from tests.support.program import serving
from tests.support.repetitions import DRIVERS_TRIED
from tests.support.servers.replica_set import replica_set
from tests.support.stores import a_store

ELECTION_TIMEOUT_MS = 1000
PAUSE_SECONDS = 6


@pytest.mark.parametrize("kind", DRIVERS_TRIED)
@pytest.mark.parametrize("name", DISTURBANCES)
async def test_no_acknowledged_lead_is_lost_or_doubled_when_another_primary_takes_over(
    tmp_path: Path, kind: str, name: str
) -> None:
    with replica_set(electionTimeoutMillis=ELECTION_TIMEOUT_MS) as members:
        store = a_store(kind, tmp_path, members.url)
        account = await asyncio.to_thread(store.account)
        with serving(store) as process:
            senders = Senders(process, account)
            load = asyncio.create_task(senders.until(400))
            await senders.promised_so_many_more(100)
            primary = await asyncio.to_thread(members.primary)
            await asyncio.to_thread(DISTURBANCES[name].does, primary)
            await load
            await asyncio.sleep(PAUSE_SECONDS)
            await asyncio.to_thread(DISTURBANCES[name].undoes, primary)
            await senders.until(200)

        assert senders.odd <= {503}
        assert await broken_promises(store, account, senders) == KEPT
