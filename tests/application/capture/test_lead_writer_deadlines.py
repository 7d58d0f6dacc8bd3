"""Deadlines, stalls that outlast them, and callers that go away."""

import asyncio
from typing import Any

import pytest

from application.capture.lead_writer import LeadWriter
from domain.capture import Kept, KeptAs
from domain.errors import StorageUnavailable
from domain.project import Project
from entrypoints.container import Container
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
    start_writer: StartWriter, ledger: WatchedLedger, container: Container, project: Project
) -> None:
    writer = start_writer(deadline_seconds=0.3)
    capture = a_capture(project)

    with pytest.raises(StorageUnavailable):
        await (await held(ledger, writer, capture))
    ledger.gate.set()
    await writer.stop()

    assert await request_ids_of(container, project) == [capture.request_id]


async def test_a_capture_is_written_also_when_its_caller_has_gone(
    writer: LeadWriter, ledger: WatchedLedger, container: Container, project: Project
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
    assert await request_ids_of(container, project) == expected


async def test_what_nobody_waits_for_is_not_written_after_its_deadline_either(
    writer: LeadWriter, ledger: WatchedLedger, clock: StillClock, project: Project
) -> None:
    first, late, fresh = (a_capture(project) for _ in range(3))
    busy = await held(ledger, writer, first)
    [gone] = await queued(writer, late)
    gone.cancel()
    clock.advance(2.0)
    fresh_call = await queued(writer, fresh)

    ledger.gate.set()
    await asyncio.gather(busy, *fresh_call)

    assert ledger.given == [[first.capture_id], [fresh.capture_id]]


async def given(ledger: WatchedLedger, batches: int) -> list[list[str]]:
    """What the ledger was given, once it was given so many batches."""
    async with asyncio.timeout(20):
        while len(ledger.batches) < batches:  # noqa: ASYNC110  it tells nobody
            await asyncio.sleep(0)
    return ledger.given


async def test_a_write_that_takes_long_holds_up_no_other(
    start_writer: StartWriter, ledger: WatchedLedger, project: Project
) -> None:
    writer = start_writer(patience_seconds=0.0)
    first, second, third = (a_capture(project) for _ in range(3))
    calls = [await held(ledger, writer, first)]

    calls += await queued(writer, second)
    at_once = await given(ledger, 2)
    calls += await queued(writer, third)
    later = await given(ledger, 3)
    ledger.gate.set()
    outcomes = await asyncio.gather(*calls)

    assert at_once == [[first.capture_id], [second.capture_id]]
    assert later == [*at_once, [third.capture_id]]
    assert sorted(outcome.lead_id for outcome in outcomes if isinstance(outcome, Kept)) == [1, 2, 3]


async def test_a_ledger_that_writes_one_after_the_other_gets_all_that_waited_together(
    start_writer: StartWriter, ledger: WatchedLedger, project: Project
) -> None:
    ledger.is_concurrent = False
    writer = start_writer(patience_seconds=0.0)
    first, *others = (a_capture(project) for _ in range(4))
    calls = [await held(ledger, writer, first)]
    for other in others:
        calls += await queued(writer, other)
    await let_tasks_start()
    at_once = ledger.given

    ledger.gate.set()
    await asyncio.gather(*calls)

    assert at_once == [[first.capture_id]]
    assert ledger.given == [[first.capture_id], [other.capture_id for other in others]]


async def test_each_write_beside_others_has_to_wait_for_twice_as_long_up_to_a_bound(
    start_writer: StartWriter,
    ledger: WatchedLedger,
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waited: list[float | None] = []
    wait = asyncio.wait

    async def pass_at_once(tasks: Any, *, timeout: float | None) -> Any:  # noqa: ASYNC109  asyncio's
        waited.append(timeout)
        return await wait(tasks, timeout=0)

    writer = start_writer(patience_seconds=0.002, longest_patience_seconds=0.1)
    with monkeypatch.context() as patch:
        patch.setattr(asyncio, "wait", pass_at_once)
        calls = [await held(ledger, writer, a_capture(project))]
        for number in range(2, 41):
            calls += await queued(writer, a_capture(project))
            await given(ledger, number)
    ledger.gate.set()
    await asyncio.gather(*calls)

    assert waited == [0.002, 0.004, 0.008, 0.016, 0.032, 0.064, *[0.1] * 34]


async def test_no_more_is_under_way_than_its_limit(
    start_writer: StartWriter, ledger: WatchedLedger, project: Project
) -> None:
    writer = start_writer(patience_seconds=0.0, under_way=3)
    first, *rest = (a_capture(project) for _ in range(6))
    calls = [await held(ledger, writer, first)]
    calls += await queued(writer, *rest)
    await given(ledger, 2)
    await queued(writer)
    under_way = ledger.given

    ledger.gate.set()
    outcomes = await asyncio.gather(*calls)

    assert [len(batch) for batch in under_way] == [1, 2]
    assert all(isinstance(outcome, Kept) for outcome in outcomes)


async def test_what_a_late_write_did_not_do_is_tried_again(
    start_writer: StartWriter, ledger: WatchedLedger, project: Project
) -> None:
    writer = start_writer(patience_seconds=0.0)
    first, second = a_capture(project), a_capture(project)
    ledger.outages = 2
    calls = [await held(ledger, writer, first)]
    calls += await queued(writer, second)
    await given(ledger, 2)

    ledger.gate.set()
    outcomes = await asyncio.gather(*calls)

    assert sorted(o.lead_id for o in outcomes if isinstance(o, Kept)) == [1, 2]
    assert {o.kept_as for o in outcomes if isinstance(o, Kept)} == {KeptAs.NEW}


async def test_a_writer_that_stops_waits_for_all_that_is_under_way(
    start_writer: StartWriter, ledger: WatchedLedger, project: Project
) -> None:
    writer = start_writer(patience_seconds=0.0)
    calls = [await held(ledger, writer, a_capture(project))]
    calls += await queued(writer, a_capture(project))
    await given(ledger, 2)
    stop = asyncio.create_task(writer.stop(timeout_seconds=20))
    await queued(writer)

    assert not stop.done()
    ledger.gate.set()
    await stop

    assert all(call.done() and isinstance(call.result(), Kept) for call in calls)
