"""Outages and lost answers: the same captures are tried again, until their deadline."""

import asyncio

import pytest

from application.capture.lead_writer import LeadWriter
from domain.capture import Kept, KeptAs, NotKept, NotKeptBecause
from domain.errors import StorageUnavailable
from domain.lead import LeadDetails
from domain.project import Project
from domain.refusals import Overloaded
from entrypoints.container import Container
from tests.application.capture.writers import StartWriter, held, queued
from tests.application.fakes import POISON, UNDECIDED, WatchedLedger
from tests.application.kept import request_ids_of
from tests.support.builders import a_capture
from tests.support.clocks import StillClock

pytestmark = pytest.mark.usefixtures("either_ledger")


async def test_an_outage_is_tried_again_with_the_same_captures(
    writer: LeadWriter, ledger: WatchedLedger, container: Container, project: Project
) -> None:
    first, second, third = (a_capture(project) for _ in range(3))
    ledger.outages = 2
    busy = await held(ledger, writer, first)
    calls = await queued(writer, second, third)

    ledger.gate.set()
    outcomes = await asyncio.gather(busy, *calls)

    together = [first.capture_id, second.capture_id, third.capture_id]
    assert ledger.given == [[first.capture_id], together, together]
    assert outcomes == [Kept(number, KeptAs.NEW) for number in (1, 2, 3)]
    assert await request_ids_of(container, project) == together


async def test_a_write_whose_answer_was_lost_makes_one_lead(
    writer: LeadWriter, ledger: WatchedLedger, container: Container, project: Project
) -> None:
    capture = a_capture(project)
    ledger.lost_answers = 2

    outcome = await writer.write(capture)

    assert outcome == Kept(1, KeptAs.NEW)
    assert len(ledger.batches) == 3
    assert await request_ids_of(container, project) == [capture.request_id]


async def test_what_is_tried_again_is_looked_for_in_the_store(
    writer: LeadWriter, ledger: WatchedLedger, project: Project
) -> None:
    ledger.outages = 1

    await writer.write(a_capture(project, is_fresh=True))

    assert [one.is_fresh for batch in ledger.batches for one in batch.captures] == [True, False]


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
    assert ended[1] == Kept(1, KeptAs.NEW)
    assert ledger.given == [[early.capture_id], [late.capture_id]]


async def test_what_may_have_been_written_is_not_refused_for_the_plan(
    writer: LeadWriter, ledger: WatchedLedger, small: Project
) -> None:
    await writer.write(a_capture(small))
    ledger.outages = 1  # it may land yet, where a limit was lowered or a month turned meanwhile

    with pytest.raises(StorageUnavailable):
        await writer.write(a_capture(small))

    assert await writer.write(a_capture(small)) == NotKept(NotKeptBecause.PLAN_FULL)


UNDECIDED_LEAD = LeadDetails(name=UNDECIDED)


async def test_an_undecided_capture_is_recorded_again_until_it_is_decided(
    writer: LeadWriter, ledger: WatchedLedger, project: Project
) -> None:
    capture = a_capture(project, details=UNDECIDED_LEAD)
    ledger.undecided_times = 3

    outcome = await writer.write(capture)

    assert outcome == Kept(1, KeptAs.NEW)
    assert ledger.given == [[capture.capture_id]] * 4


async def test_its_neighbours_have_their_outcomes_meanwhile_and_it_keeps_its_turn(
    writer: LeadWriter, ledger: WatchedLedger, project: Project, other: Project
) -> None:
    undecided = a_capture(project, details=UNDECIDED_LEAD)
    neighbour, later = a_capture(other), a_capture(project)
    busy = await held(ledger, writer, a_capture(other))
    calls = await queued(writer, undecided, neighbour)
    ledger.gate.set()
    await busy
    ledger.undecided_times = 1
    assert await calls[1] == Kept(2, KeptAs.NEW)
    calls += await queued(writer, later)

    outcomes = await asyncio.gather(calls[0], calls[2])

    assert outcomes == [Kept(1, KeptAs.NEW), Kept(2, KeptAs.NEW)]
    assert ledger.given[1] == [undecided.capture_id, neighbour.capture_id]
    assert ledger.given[2][0] == undecided.capture_id


async def test_what_is_undecided_at_its_deadline_is_not_refused_for_the_plan(
    writer: LeadWriter, ledger: WatchedLedger, clock: StillClock, project: Project
) -> None:
    ledger.undecided_times = 100
    ledger.take(0.5, clock)

    with pytest.raises(StorageUnavailable, match="what becomes of it"):
        await writer.write(a_capture(project, details=UNDECIDED_LEAD))

    assert len(ledger.given) == 4


async def test_a_writer_that_gives_up_says_that_nothing_undecided_was_written(
    start_writer: StartWriter, ledger: WatchedLedger, project: Project, other: Project
) -> None:
    writer = start_writer(batch=1, deadline_seconds=1)
    ledger.undecided_times = 1
    call = await held(ledger, writer, a_capture(project, details=UNDECIDED_LEAD))
    (stuck,) = await queued(writer, a_capture(other))
    ledger.reached.clear()
    ledger.gate.set()
    ledger.gate.clear()
    await ledger.reached.wait()

    await writer.stop(timeout_seconds=0)
    ended = await asyncio.gather(call, stuck, return_exceptions=True)

    assert [type(error) for error in ended] == [Overloaded, StorageUnavailable]


async def test_a_poisonous_capture_does_not_spoil_its_neighbours(
    writer: LeadWriter,
    ledger: WatchedLedger,
    container: Container,
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
    assert poison.request_id not in await request_ids_of(container, project)


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
