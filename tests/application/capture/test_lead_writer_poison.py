"""A capture that meets a defect fails alone, and spoils neither its neighbours nor the writer."""

import asyncio

import pytest

from application.capture.lead_writer import LeadWriter
from application.ports.lead_archive import LeadArchive
from domain.capture import Kept, KeptAs
from domain.errors import StorageUnavailable
from domain.lead import LeadDetails
from domain.project import Project
from tests.application.capture.writers import held, queued
from tests.application.fakes import POISON, WatchedLedger
from tests.application.kept import request_ids_of
from tests.support.builders import a_capture
from tests.support.clocks import StillClock


async def test_a_poisonous_capture_does_not_spoil_its_neighbours(
    writer: LeadWriter,
    ledger: WatchedLedger,
    archive: LeadArchive,
    project: Project,
    other: Project,
) -> None:
    poison = a_capture(project, details=LeadDetails(name=POISON))
    good = [a_capture(project), a_capture(project), a_capture(other)]
    busy = await held(ledger, writer, a_capture(project))
    calls = await queued(writer, good[0], poison, *good[1:])

    ledger.gate.set()
    await busy
    ended = await asyncio.gather(*calls, return_exceptions=True)

    assert isinstance(ended[1], ValueError)
    assert [ended[0], *ended[2:]] == [Kept(2, KeptAs.NEW), Kept(3, KeptAs.NEW), Kept(1, KeptAs.NEW)]
    assert poison.request_id not in await request_ids_of(archive, project)


async def test_a_writer_goes_on_after_a_poisonous_capture(
    writer: LeadWriter, project: Project
) -> None:
    with pytest.raises(ValueError, match=POISON):
        await writer.write(a_capture(project, details=LeadDetails(name=POISON)))

    assert await writer.write(a_capture(project)) == Kept(1, KeptAs.NEW)


async def test_what_goes_past_its_deadline_beside_a_poisonous_capture_is_not_written(
    writer: LeadWriter, ledger: WatchedLedger, clock: StillClock, project: Project
) -> None:
    poison = a_capture(project, details=LeadDetails(name=POISON))
    neighbour = a_capture(project)
    busy = await held(ledger, writer, a_capture(project))
    calls = await queued(writer, poison, neighbour)
    ledger.take(0.9, clock)
    ledger.gate.set()
    ended = await asyncio.gather(busy, *calls, return_exceptions=True)

    assert isinstance(ended[2], StorageUnavailable)
    assert [neighbour.capture_id] not in ledger.given
