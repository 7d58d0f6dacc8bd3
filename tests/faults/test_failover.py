"""A replica set that loses its primary under load; figures: `python -m tests.faults.failover`."""

import asyncio
from pathlib import Path

import pytest

from tests.faults.failover.disturbances import DISTURBANCES
from tests.faults.failover.measures import outage
from tests.faults.failover.writers import Attempt
from tests.faults.senders import KEPT, Senders, broken_promises
from tests.support.repetitions import DRIVERS_TRIED, FULL
from tests.support.replica_set import replica_set
from tests.support.servers import serving
from tests.support.stores import a_store

ELECTION_TIMEOUT_MS = 1000
PAUSE_SECONDS = 6


@pytest.mark.skipif(not FULL, reason="three servers take their time: make faults")
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


def test_an_outage_is_the_longest_time_without_a_success_in_time_and_what_failed_after_it() -> None:
    attempts = [
        Attempt(99.9, 100.1, "201", is_success=True),
        Attempt(101.0, 103.0, "503", is_success=False),
        Attempt(100.2, 110.0, "inserted", is_success=True),  # too late for whoever sent it
        Attempt(111.0, 111.1, "201", is_success=True),
        Attempt(111.2, 113.2, "503", is_success=False),
        Attempt(113.0, 114.0, "201", is_success=True),
        Attempt(119.0, 121.0, "201", is_success=True),  # of the next fault
    ]

    found = outage(attempts, fault=100.0, end=115.0)

    assert found.gap == pytest.approx(11.0)
    assert found.last_failure == pytest.approx(13.2)
    assert (found.failed, found.failed_late) == (3, 1)
    assert found.slowest == pytest.approx(9.8)
