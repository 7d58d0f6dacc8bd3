"""Deadlines, stalls that outlast them, and callers that go away."""

import asyncio

import pytest

from application.capture.lead_writer import LeadWriter
from application.ports.lead_archive import LeadArchive
from domain.capture import Kept, KeptAs
from domain.errors import StorageUnavailable
from domain.project import Project
from tests.application.capture.writers import StartWriter, held, queued
from tests.application.fakes import WatchedLedger, let_tasks_start
from tests.application.kept import request_ids_of
from tests.support.builders import a_capture
from tests.support.clocks import StillClock


async def test_what_is_past_its_deadline_is_never_given_to_the_ledger(
    writer: LeadWriter, ledger: WatchedLedger, clock: StillClock, project: Project
) -> None:
    first, late, fresh = (a_capture(project) for _ in range(3))
    busy = await held(ledger, writer, first)
    late_call = await queued(writer, late)
    clock.advance(2.0)
    fresh_call = await queued(writer, fresh)

    ledger.gate.set()
    ended = await asyncio.gather(busy, *late_call, *fresh_call, return_exceptions=True)

    assert ledger.given == [[first.capture_id], [fresh.capture_id]]
    assert isinstance(ended[1], StorageUnavailable)
    assert ended[2] == Kept(2, KeptAs.NEW)


async def test_what_is_well_within_its_deadline_is_written(
    writer: LeadWriter, ledger: WatchedLedger, clock: StillClock, project: Project
) -> None:
    busy = await held(ledger, writer, a_capture(project))
    calls = await queued(writer, a_capture(project))
    clock.advance(1.8)

    ledger.gate.set()

    assert await asyncio.gather(busy, *calls) == [Kept(1, KeptAs.NEW), Kept(2, KeptAs.NEW)]


async def test_what_has_no_time_left_to_speak_of_does_not_cut_that_of_its_batch(
    writer: LeadWriter, ledger: WatchedLedger, clock: StillClock, project: Project
) -> None:
    busy = await held(ledger, writer, a_capture(project))
    nearly_late = await queued(writer, a_capture(project))
    clock.advance(1.95)
    fresh = await queued(writer, a_capture(project))

    ledger.gate.set()
    ended = await asyncio.gather(busy, *nearly_late, *fresh, return_exceptions=True)

    assert isinstance(ended[1], StorageUnavailable)
    assert ended[2] == Kept(2, KeptAs.NEW)
    assert ledger.timeouts == [2.0, 2.0]


async def test_a_capture_that_a_stalled_store_holds_is_answered_at_its_deadline(
    start_writer: StartWriter, ledger: WatchedLedger, archive: LeadArchive, project: Project
) -> None:
    writer = start_writer(deadline_seconds=0.3)
    capture = a_capture(project)

    with pytest.raises(StorageUnavailable):
        await (await held(ledger, writer, capture))
    ledger.gate.set()
    await writer.stop()

    assert await request_ids_of(archive, project) == [capture.request_id]


async def test_a_capture_is_written_also_when_its_caller_has_gone(
    writer: LeadWriter, ledger: WatchedLedger, archive: LeadArchive, project: Project
) -> None:
    first, second, third = (a_capture(project) for _ in range(3))
    busy = await held(ledger, writer, first)
    gone, stays = await queued(writer, second, third)

    busy.cancel()
    gone.cancel()
    await let_tasks_start()
    ledger.gate.set()

    assert await stays == Kept(3, KeptAs.NEW)
    expected = [capture.request_id for capture in (first, second, third)]
    assert await request_ids_of(archive, project) == expected
