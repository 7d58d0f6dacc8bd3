"""What a server has that the majority may yet lose is no ground for any answer."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, suppress

import pytest

from adapters.mongodb import MongoLeadLedger, MongoProjectRegister
from domain.capture import Capture, KeptAs, Outcome
from domain.errors import StorageUnavailable
from domain.project import Project
from tests.contracts.lead_ledger.persons import PHONE, a_written_message
from tests.contracts.recording import (
    PLAN_FULL,
    UNDECIDED,
    a_batch,
    fill,
    hows,
    lead_id_of,
    record_one,
)
from tests.support.builders import a_capture, a_project
from tests.support.servers.mongod import Mongod
from tests.support.servers.mongod import mongod as mongod_process

OWN_DATABASE = True
SOON_SECONDS = 0.5
Unconfirmed = Callable[[Capture, int | None], AbstractAsyncContextManager["asyncio.Task[Outcome]"]]
"""While its block lasts, a capture is a lead on the server, and not for the majority."""


@pytest.fixture(scope="module")
def own_mongod() -> Iterator[Mongod]:
    with mongod_process() as server:
        yield server


@pytest.fixture
def url(own_mongod: Mongod, name: str) -> str:
    return own_mongod.url(name)


@pytest.fixture
async def project(projects: MongoProjectRegister) -> Project:
    project = a_project()
    await projects.add(project)
    return project


@contextmanager
def paused_journal(server: Mongod) -> Iterator[None]:
    """Nothing that is written is confirmed until the end."""
    point = {"configureFailPoint": "pauseJournalFlusherBeforeFlush"}
    with server.client() as client:
        client.admin.command({**point, "mode": "alwaysOn"})
        try:
            yield
        finally:
            client.admin.command({**point, "mode": "off"})


@pytest.fixture
def unconfirmed(own_mongod: Mongod, name: str, ledger: MongoLeadLedger) -> Unconfirmed:
    @asynccontextmanager
    async def unconfirmed(
        capture: Capture, limit: int | None
    ) -> AsyncIterator["asyncio.Task[Outcome]"]:
        wanted = {"project_id": capture.project_id, "request_id": capture.request_id}
        with paused_journal(own_mongod):
            writing = asyncio.create_task(record_one(ledger, capture, limit=limit))
            with own_mongod.client() as client:
                found = [client[name].leads, client[name].messages]
                while not any(one.find_one(wanted) for one in found):  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
            yield writing
        lead_id_of(await writing)

    return unconfirmed


async def test_a_message_that_comes_again_is_not_answered_from_what_is_not_confirmed(
    unconfirmed: Unconfirmed, other_ledger: MongoLeadLedger, project: Project
) -> None:
    await record_one(other_ledger, a_written_message(project, PHONE, message_id="m1"))
    second, again = (a_written_message(project, PHONE, message_id="m2") for _ in range(2))
    async with unconfirmed(second, None) as writing:
        with pytest.raises(StorageUnavailable):
            await other_ledger.record(a_batch([again]), SOON_SECONDS)

        assert not writing.done()
    assert hows([await record_one(other_ledger, again)]) == [KeptAs.KNOWN_MESSAGE]


async def test_nobody_is_refused_for_a_place_that_is_not_confirmed(
    unconfirmed: Unconfirmed,
    ledger: MongoLeadLedger,
    other_ledger: MongoLeadLedger,
    project: Project,
) -> None:
    await fill(ledger, project, 2, limit=3)
    async with unconfirmed(a_capture(project), 3):
        with suppress(StorageUnavailable):
            outcomes = await other_ledger.record(a_batch([a_capture(project)], 3), SOON_SECONDS)

            assert outcomes == [UNDECIDED]

    assert await record_one(other_ledger, a_capture(project), limit=3) == PLAN_FULL
