"""Stalls, outages, lost answers, poison, and callers that go away."""

import asyncio

import pytest

from application.lead_writer import LeadWriter
from application.ports.errors import StorageUnavailable
from application.ports.lead_archive import LeadArchive, LeadQuery
from application.ports.lead_ledger import How, Kept, NotKept, Why
from domain.lead import LeadDetails
from domain.project import Project
from tests.application.conftest import StartWriter
from tests.application.fakes import POISON, WatchedLedger, held, let_tasks_start, queued
from tests.support.builders import a_capture
from tests.support.clocks import StillClock


async def leads_of(archive: LeadArchive, project: Project) -> list[str]:
    """The request ids of a project's leads, by number."""
    query = LeadQuery(project_id=project.project_id)
    return [lead.request_id for lead in await archive.page(query, after=None, limit=100)]


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
    assert ended[2] == Kept(2, How.NEW)


async def test_what_is_well_within_its_deadline_is_written(
    writer: LeadWriter, ledger: WatchedLedger, clock: StillClock, project: Project
) -> None:
    busy = await held(ledger, writer, a_capture(project))
    calls = await queued(writer, a_capture(project))
    clock.advance(1.8)

    ledger.gate.set()

    assert await asyncio.gather(busy, *calls) == [Kept(1, How.NEW), Kept(2, How.NEW)]


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
    assert ended[2] == Kept(2, How.NEW)
    assert ledger.timeouts == [2.0, 2.0]


async def test_a_capture_that_a_stalled_store_holds_is_answered_at_its_deadline(
    start_writer: StartWriter, ledger: WatchedLedger, archive: LeadArchive, project: Project
) -> None:
    writer = start_writer(deadline_seconds=0.05)
    capture = a_capture(project)

    with pytest.raises(StorageUnavailable):
        await (await held(ledger, writer, capture))
    ledger.gate.set()
    await writer.stop()

    assert await leads_of(archive, project) == [capture.request_id]


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

    assert await stays == Kept(3, How.NEW)
    expected = [capture.request_id for capture in (first, second, third)]
    assert await leads_of(archive, project) == expected


async def test_an_outage_is_tried_again_with_the_same_captures(
    writer: LeadWriter, ledger: WatchedLedger, archive: LeadArchive, project: Project
) -> None:
    first, second, third = (a_capture(project) for _ in range(3))
    ledger.outages = 2
    busy = await held(ledger, writer, first)
    calls = await queued(writer, second, third)

    ledger.gate.set()
    outcomes = await asyncio.gather(busy, *calls)

    together = [first.capture_id, second.capture_id, third.capture_id]
    assert ledger.given == [[first.capture_id], together, together]
    assert outcomes == [Kept(number, How.NEW) for number in (1, 2, 3)]
    assert await leads_of(archive, project) == together


async def test_a_write_whose_answer_was_lost_makes_one_lead(
    writer: LeadWriter, ledger: WatchedLedger, archive: LeadArchive, project: Project
) -> None:
    capture = a_capture(project)
    ledger.lost_answers = 2

    outcome = await writer.write(capture)

    assert outcome == Kept(1, How.NEW)
    assert len(ledger.batches) == 3
    assert await leads_of(archive, project) == [capture.request_id]


async def test_an_outage_is_tried_again_until_the_deadline(
    writer: LeadWriter, ledger: WatchedLedger, clock: StillClock, project: Project
) -> None:
    ledger.is_down = True
    ledger.take(0.5, clock)

    with pytest.raises(StorageUnavailable):
        await writer.write(a_capture(project))

    assert ledger.timeouts == [2.0, 1.5, 1.0, 0.5]


async def test_an_outage_that_outlasts_one_capture_does_not_end_its_neighbours(
    writer: LeadWriter, ledger: WatchedLedger, clock: StillClock, project: Project
) -> None:
    early, late = a_capture(project), a_capture(project)
    ledger.outages = 1
    early_call = await held(ledger, writer, early)
    clock.advance(1.5)
    (late_call,) = await queued(writer, late)
    clock.advance(0.6)

    ledger.gate.set()
    ended = await asyncio.gather(early_call, late_call, return_exceptions=True)

    assert isinstance(ended[0], StorageUnavailable)
    assert ended[1] == Kept(1, How.NEW)
    assert ledger.given == [[early.capture_id], [late.capture_id]]


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
    assert [ended[0], *ended[2:]] == [Kept(2, How.NEW), Kept(3, How.NEW), Kept(1, How.NEW)]
    assert poison.request_id not in await leads_of(archive, project)


async def test_a_writer_goes_on_after_a_poisonous_capture(
    writer: LeadWriter, project: Project
) -> None:
    with pytest.raises(ValueError, match=POISON):
        await writer.write(a_capture(project, details=LeadDetails(name=POISON)))

    assert await writer.write(a_capture(project)) == Kept(1, How.NEW)


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


async def test_what_may_have_been_written_is_not_refused_for_the_plan(
    writer: LeadWriter, ledger: WatchedLedger, small: Project
) -> None:
    await writer.write(a_capture(small))
    ledger.outages = 1  # it may land yet, where a limit was lowered or a month turned meanwhile

    with pytest.raises(StorageUnavailable):
        await writer.write(a_capture(small))

    assert await writer.write(a_capture(small)) == NotKept(Why.PLAN_FULL)
