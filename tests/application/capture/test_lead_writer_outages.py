"""Outages and lost answers: the same captures are tried again, until their deadline."""

import asyncio

import pytest

from application.capture.lead_writer import LeadWriter
from domain.capture import Kept, KeptAs, NotKept, NotKeptBecause
from domain.errors import StorageUnavailable
from domain.project import Project
from entrypoints.container import Container
from tests.application.capture.writers import held, queued
from tests.application.fakes import WatchedLedger
from tests.application.kept import request_ids_of
from tests.support.builders import a_capture
from tests.support.clocks import StillClock


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
