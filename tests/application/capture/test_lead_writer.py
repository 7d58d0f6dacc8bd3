"""Batches, queues and the end; outages and settings are in the files beside."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from application.capture.lead_writer import LeadWriter
from domain.capture import Kept, KeptAs
from domain.errors import StorageUnavailable
from domain.leads.query import LeadQuery
from domain.plan import Month
from domain.project import Project
from domain.refusals import Overloaded
from entrypoints.container import Container
from tests.application.capture.writers import StartWriter, held, queued
from tests.application.fakes import WatchedLedger, let_tasks_start
from tests.support.builders import a_capture
from tests.support.clocks import StillClock


async def test_a_capture_is_in_the_archive_when_its_call_returns(
    writer: LeadWriter, container: Container, project: Project
) -> None:
    capture = a_capture(project)

    outcome = await writer.write(capture)

    assert outcome == Kept(1, KeptAs.NEW)
    lead = await container.archive().get(project.project_id, 1)
    assert lead is not None
    assert lead.details == capture.details


@pytest.mark.usefixtures("either_ledger")
async def test_captures_that_arrive_during_a_write_form_the_next_batch(
    writer: LeadWriter, ledger: WatchedLedger, project: Project
) -> None:
    first, *rest = (a_capture(project) for _ in range(6))
    busy = await held(ledger, writer, first)
    calls = await queued(writer, *rest)

    ledger.gate.set()
    outcomes = await asyncio.gather(busy, *calls)

    assert ledger.given == [[first.capture_id], [capture.capture_id for capture in rest]]
    assert outcomes == [Kept(number, KeptAs.NEW) for number in range(1, 7)]


@pytest.mark.parametrize(
    ("is_concurrent", "limits", "together"),
    [
        (False, {"join_turns": 5}, [3]),
        (False, {"join_turns": 5, "join_until": 2}, [2, 1]),
        (False, {"join_turns": 1}, [2, 1]),
        (True, {"join_turns": 5}, [1, 2]),
    ],
    ids=["in time", "until there are enough", "for a few turns", "not where writes are concurrent"],
)
async def test_captures_that_come_within_a_few_turns_of_the_loop_are_one_batch(
    start_writer: StartWriter,
    ledger: WatchedLedger,
    project: Project,
    is_concurrent: bool,
    limits: Mapping[str, int],
    together: list[int],
) -> None:
    ledger.is_concurrent = is_concurrent
    writer = start_writer(patience_seconds=60.0, longest_patience_seconds=60.0, **limits)
    await let_tasks_start()  # it sleeps
    ledger.gate.clear()
    calls = []

    for _ in range(3):
        calls.append(asyncio.create_task(writer.write(a_capture(project))))
        await asyncio.sleep(0)
    await let_tasks_start()
    ledger.gate.set()
    await asyncio.gather(*calls)

    assert [len(batch) for batch in ledger.given] == together


@pytest.mark.usefixtures("either_ledger")
async def test_a_batch_is_no_larger_than_its_limit(
    start_writer: StartWriter, ledger: WatchedLedger, project: Project
) -> None:
    writer = start_writer(batch=3)
    busy = await held(ledger, writer, a_capture(project))
    calls = await queued(writer, *(a_capture(project) for _ in range(7)))

    ledger.gate.set()
    await asyncio.gather(busy, *calls)

    assert [len(batch) for batch in ledger.given] == [1, 3, 3, 1]


@pytest.mark.parametrize(
    ("is_concurrent", "limits", "is_fresh", "together"),
    [
        (True, {"undivided": 8}, True, [1, 5, 4]),
        (True, {"undivided": 9}, True, [1, 9]),
        (True, {"undivided": 8}, False, [1, 9]),
        (False, {"undivided": 4}, True, [1, 9]),
    ],
    ids=[
        "of many",
        "not of few",
        "nor of what has an order",
        "nor where a write holds up all others",
    ],
)
async def test_a_batch_leaves_half_of_the_captures_to_the_next_one(
    start_writer: StartWriter,
    ledger: WatchedLedger,
    project: Project,
    is_concurrent: bool,
    limits: Mapping[str, int],
    is_fresh: bool,
    together: list[int],
) -> None:
    ledger.is_concurrent = is_concurrent
    writer = start_writer(**limits)
    busy = await held(ledger, writer, a_capture(project))
    calls = await queued(writer, *(a_capture(project, is_fresh=is_fresh) for _ in range(9)))

    ledger.gate.set()
    await asyncio.gather(busy, *calls)

    assert [len(batch) for batch in ledger.given] == together


async def test_64_captures_are_two_writes(
    writer: LeadWriter, ledger: WatchedLedger, project: Project
) -> None:
    busy = await held(ledger, writer, a_capture(project))
    calls = await queued(writer, *(a_capture(project, is_fresh=True) for _ in range(64)))

    ledger.gate.set()
    await asyncio.gather(busy, *calls)

    assert [len(batch) for batch in ledger.given] == [1, 32, 32]


async def test_what_is_under_way_is_a_half_as_well(
    start_writer: StartWriter, ledger: WatchedLedger, project: Project
) -> None:
    writer = start_writer(undivided=1, patience_seconds=0.0)
    busy = await held(ledger, writer, a_capture(project))
    calls = await queued(writer, *(a_capture(project, is_fresh=True) for _ in range(4)))

    ledger.gate.set()
    await asyncio.gather(busy, *calls)

    assert [len(batch) for batch in ledger.given][:2] == [1, 3]


async def test_a_noisy_project_does_not_keep_a_quiet_one_waiting(
    start_writer: StartWriter, ledger: WatchedLedger, project: Project, other: Project
) -> None:
    writer = start_writer(batch=2)
    noise = [a_capture(project) for _ in range(9)]
    quiet = a_capture(other)
    busy = await held(ledger, writer, noise[0])
    calls = await queued(writer, *noise[1:], quiet)

    ledger.gate.set()
    await asyncio.gather(busy, *calls)

    assert ledger.given[1] == [noise[1].capture_id, quiet.capture_id]


async def test_a_batch_takes_from_each_project_in_turn(
    writer: LeadWriter, ledger: WatchedLedger, project: Project, other: Project
) -> None:
    ours, theirs = ([a_capture(p) for _ in range(3)] for p in (project, other))
    busy = await held(ledger, writer, ours[0])
    calls = await queued(writer, *ours[1:], *theirs)

    ledger.gate.set()
    await asyncio.gather(busy, *calls)

    expected = [ours[1], theirs[0], ours[2], theirs[1], theirs[2]]
    assert ledger.given[1] == [capture.capture_id for capture in expected]


async def test_a_full_queue_refuses_what_comes_until_there_is_room(
    start_writer: StartWriter, ledger: WatchedLedger, project: Project
) -> None:
    writer = start_writer(queue=2)
    busy = await held(ledger, writer, a_capture(project))
    calls = await queued(writer, a_capture(project), a_capture(project))

    refused = a_capture(project)
    with pytest.raises(Overloaded) as refusal:
        await writer.write(refused)
    ledger.gate.set()
    await asyncio.gather(busy, *calls)
    late = a_capture(project)
    await writer.write(late)

    given = [capture_id for batch in ledger.given for capture_id in batch]
    assert refusal.value.retry_after_seconds == 1
    assert refused.capture_id not in given
    assert late.capture_id in given


async def test_a_full_queue_of_one_project_refuses_nobody_elses_captures(
    start_writer: StartWriter, ledger: WatchedLedger, project: Project, other: Project
) -> None:
    writer = start_writer(queue=1)
    busy = await held(ledger, writer, a_capture(project))
    calls = await queued(writer, a_capture(project), a_capture(other))

    ledger.gate.set()

    assert await asyncio.gather(busy, *calls) == [
        Kept(1, KeptAs.NEW),
        Kept(2, KeptAs.NEW),
        Kept(1, KeptAs.NEW),
    ]


async def test_the_month_is_fixed_once_per_batch(
    writer: LeadWriter, ledger: WatchedLedger, clock: StillClock, project: Project
) -> None:
    clock.time = datetime(2026, 11, 30, 23, 59, 59, 999000, tzinfo=UTC)
    busy = await held(ledger, writer, a_capture(project))
    clock.time += timedelta(milliseconds=1)
    calls = await queued(writer, a_capture(project), a_capture(project))

    ledger.gate.set()
    await asyncio.gather(busy, *calls)

    assert [batch.month for batch in ledger.batches] == [Month(2026, 11), Month(2026, 12)]


@pytest.mark.usefixtures("either_ledger")
async def test_a_writer_that_stops_writes_what_waits_and_refuses_what_comes(
    writer: LeadWriter, ledger: WatchedLedger, container: Container, project: Project
) -> None:
    busy = await held(ledger, writer, a_capture(project))
    calls = await queued(writer, a_capture(project), a_capture(project))
    stop = asyncio.create_task(writer.stop())
    await queued(writer)

    with pytest.raises(Overloaded):
        await writer.write(a_capture(project))
    ledger.gate.set()
    outcomes = await asyncio.gather(busy, *calls)
    await stop

    page = await container.archive().page(
        LeadQuery(project_id=project.project_id), after=None, limit=9
    )
    assert outcomes == [Kept(number, KeptAs.NEW) for number in (1, 2, 3)]
    assert [lead.lead_id for lead in page] == [1, 2, 3]


@pytest.mark.usefixtures("either_ledger")
async def test_an_idle_writer_stops_at_once_and_may_be_stopped_again(
    writer: LeadWriter, ledger: WatchedLedger, project: Project
) -> None:
    await writer.stop()
    await writer.stop()

    with pytest.raises(Overloaded):
        await writer.write(a_capture(project))
    assert ledger.batches == []


@pytest.mark.usefixtures("either_ledger")
async def test_a_writer_that_gives_up_on_its_store_says_what_was_certainly_not_written(
    start_writer: StartWriter, ledger: WatchedLedger, project: Project
) -> None:
    writer = start_writer(deadline_seconds=0.05)
    waits = a_capture(project)
    busy = await held(ledger, writer, a_capture(project))
    (call,) = await queued(writer, waits)

    await writer.stop(timeout_seconds=0)
    ended = await asyncio.gather(busy, call, return_exceptions=True)

    assert [type(error) for error in ended] == [StorageUnavailable, Overloaded]
    assert [waits.capture_id] not in ledger.given
