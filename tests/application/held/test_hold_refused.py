"""Refused calls are held together, durably, as far as there is room; others leave a line."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from application.held import hold_refused
from application.held.hold_refused import HoldRefused
from application.held.refused_call import refusal_line
from domain.errors import StorageUnavailable
from domain.held import (
    NO_ROOM,
    RATE_LIMITED,
    VALIDATION_FAILED,
    CannotBeHeld,
    HeldCall,
)
from domain.project import Project
from entrypoints.container import Container
from tests.application.fakes import WatchedHeldLedger, let_tasks_start, unavailable
from tests.application.kept import held_by, lines_of
from tests.support.builders import NOW, a_held_call, held_calls


def a_line(project: Project, origin: str = "example.com", at: datetime = NOW) -> HeldCall:
    request_id = a_held_call(project).request_id
    return refusal_line(
        project.project_id, RATE_LIMITED, at=at, request_id=request_id, origin=origin
    )


async def test_a_call_that_is_said_to_be_held_is_in_the_store(
    holding: HoldRefused, container: Container, project: Project
) -> None:
    call = a_held_call(project)

    assert await holding.hold(call)
    assert await held_by(container, project) == [call]


async def test_what_comes_while_a_write_is_under_way_goes_into_the_next_one_together(
    holding: HoldRefused, held_ledger: WatchedHeldLedger, project: Project
) -> None:
    first, *later = held_calls(project, 4, VALIDATION_FAILED)
    held_ledger.gate.clear()
    holds = [asyncio.create_task(holding.hold(first))]
    await held_ledger.reached.wait()
    holds += [asyncio.create_task(holding.hold(call)) for call in later]
    await let_tasks_start()
    held_ledger.gate.set()

    assert await asyncio.gather(*holds) == [True] * 4
    assert held_ledger.given == [[first], later]


async def test_calls_that_come_one_after_the_other_go_into_one_write(
    holding: HoldRefused,
    held_ledger: WatchedHeldLedger,
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hold_refused, "GATHER_SECONDS", 0.2)
    first, *calls = held_calls(project, 4, VALIDATION_FAILED)
    await holding.hold(first)  # from then on the room is known
    holds = []
    for call in calls:
        holds.append(asyncio.create_task(holding.hold(call)))
        await let_tasks_start()

    assert await asyncio.gather(*holds) == [True] * 3
    assert held_ledger.given == [[first], calls]


async def test_a_write_has_no_more_calls_than_it_may(
    holding: HoldRefused,
    held_ledger: WatchedHeldLedger,
    container: Container,
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hold_refused, "LARGEST_BATCH", 2)
    calls = held_calls(project, 5, VALIDATION_FAILED)

    await asyncio.gather(*map(holding.hold, calls))

    assert max(map(len, held_ledger.given)) == 2
    assert await held_by(container, project) == calls


@pytest.mark.parametrize(("name", "most"), [("MOST_WAITING", 2), ("LARGEST_WAITING", 5)])
async def test_a_process_that_has_too_much_to_write_holds_no_more_until_it_is_written(
    holding: HoldRefused,
    held_ledger: WatchedHeldLedger,
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    most: int,
) -> None:
    monkeypatch.setattr(hold_refused, name, most)
    calls = (a_held_call(project, body="{}", capture=None) for _ in range(4))
    first, second, third, fourth = calls
    held_ledger.gate.clear()
    holds = [asyncio.create_task(holding.hold(first))]
    await held_ledger.reached.wait()
    holds.append(asyncio.create_task(holding.hold(second)))
    await let_tasks_start()

    assert not await holding.hold(third)
    held_ledger.gate.set()
    assert await asyncio.gather(*holds) == [True, True]
    assert await holding.hold(fourth)


async def test_calls_that_come_together_are_no_more_than_may_wait_to_be_written(
    holding: HoldRefused, container: Container, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hold_refused, "MOST_WAITING", 2)

    answers = await asyncio.gather(*map(holding.hold, held_calls(project, 5, VALIDATION_FAILED)))

    assert answers.count(True) == 2
    assert await lines_of(container, project) == [(NO_ROOM, VALIDATION_FAILED, 3)]


async def test_what_a_caller_who_went_away_left_to_be_written_is_no_less_of_what_waits(
    holding: HoldRefused,
    held_ledger: WatchedHeldLedger,
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hold_refused, "MOST_WAITING", 2)
    first, left, third, fourth = held_calls(project, 4, VALIDATION_FAILED)
    held_ledger.gate.clear()
    stays = asyncio.create_task(holding.hold(first))
    await held_ledger.reached.wait()
    goes_away = asyncio.create_task(holding.hold(left))
    await let_tasks_start()
    goes_away.cancel()
    await asyncio.wait({goes_away})

    assert not await holding.hold(third)
    held_ledger.gate.set()
    await stays
    await holding.stop()
    assert await holding.hold(fourth)


async def test_a_call_that_the_store_cannot_hold_fails_alone(
    holding: HoldRefused, container: Container, project: Project
) -> None:
    first, odd, last = held_calls(project, 3, VALIDATION_FAILED)
    odd = replace(odd, origin="\ud800")

    answers = await asyncio.gather(*map(holding.hold, (first, odd, last)), return_exceptions=True)

    assert [answer is True or type(answer) for answer in answers] == [True, CannotBeHeld, True]
    assert await held_by(container, project) == [first, last]


@pytest.mark.parametrize("error", [StorageUnavailable("down"), ValueError("a defect")])
async def test_if_a_write_fails_everybody_in_it_hears_so_and_the_next_one_is_written(
    holding: HoldRefused,
    held_ledger: WatchedHeldLedger,
    container: Container,
    project: Project,
    error: Exception,
) -> None:
    held_ledger.failures = [error]
    *lost, later = held_calls(project, 3, VALIDATION_FAILED)

    answers = await asyncio.gather(*map(holding.hold, lost), return_exceptions=True)

    assert answers == [error, error]
    assert await holding.hold(later)
    assert await held_by(container, project) == [later]


async def test_a_caller_who_goes_away_is_held_all_the_same_and_keeps_no_other_from_its_answer(
    holding: HoldRefused, held_ledger: WatchedHeldLedger, container: Container, project: Project
) -> None:
    calls = held_calls(project, 3, VALIDATION_FAILED)
    held_ledger.gate.clear()
    first = asyncio.create_task(holding.hold(calls[0]))
    await held_ledger.reached.wait()
    goes_away, stays = (asyncio.create_task(holding.hold(call)) for call in calls[1:])
    await let_tasks_start()
    goes_away.cancel()
    held_ledger.gate.set()

    async with asyncio.timeout(20):
        assert await asyncio.gather(first, stays) == [True, True]
    assert await held_by(container, project) == calls


async def test_a_process_that_ends_writes_what_waits(
    holding: HoldRefused, held_ledger: WatchedHeldLedger, container: Container, project: Project
) -> None:
    calls = held_calls(project, 2, VALIDATION_FAILED)
    held_ledger.gate.clear()
    holds = [asyncio.create_task(holding.hold(calls[0]))]
    await held_ledger.reached.wait()
    holds.append(asyncio.create_task(holding.hold(calls[1])))
    await let_tasks_start()
    stopping = asyncio.create_task(holding.stop())
    held_ledger.gate.set()
    await stopping

    assert await held_by(container, project) == calls
    assert await asyncio.gather(*holds) == [True, True]


async def test_who_asks_for_room_while_the_store_is_away_is_not_said_to_be_held(
    holding: HoldRefused,
    container: Container,
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(container.held_archive(), "room", unavailable)
        answers = await asyncio.gather(
            *map(holding.hold, held_calls(project, 2, VALIDATION_FAILED)), return_exceptions=True
        )

    assert [type(answer) for answer in answers] == [StorageUnavailable] * 2
    assert await holding.hold(a_held_call(project))


@pytest.mark.parametrize(
    ("origins", "seconds", "times"),
    [
        (("a.com", "a.com"), 0, [2]),
        (("a.com", "b.com"), 0, [1, 1]),
        (("a.com", "a.com"), 60, [1, 1]),
    ],
)
async def test_refusals_that_are_only_noted_are_one_line_for_each_minute_and_page(
    holding: HoldRefused,
    container: Container,
    project: Project,
    origins: Sequence[str],
    seconds: int,
    times: list[int],
) -> None:
    for number, origin in enumerate(origins):
        holding.note(a_line(project, origin, NOW + timedelta(seconds=number * seconds)))

    assert [count for _, _, count in await lines_of(container, project)] == times


async def test_what_a_line_counts_before_and_after_it_is_written_is_added_up(
    holding: HoldRefused, container: Container, project: Project
) -> None:
    for _ in range(2):
        holding.note(a_line(project))
        await holding.stop()

    assert await lines_of(container, project) == [(RATE_LIMITED, "example.com", 2)]


async def test_a_line_that_comes_late_says_when_it_was_last_needed(
    holding: HoldRefused, container: Container, project: Project
) -> None:
    for seconds in (0, 30, 10):
        holding.note(a_line(project, at=NOW + timedelta(seconds=seconds)))
    await holding.stop()

    (line,) = await held_by(container, project)
    assert (line.at, line.last_at) == (NOW, NOW + timedelta(seconds=30))


async def test_calls_from_more_pages_than_are_counted_leave_no_line(
    holding: HoldRefused, container: Container, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hold_refused, "MOST_LINES", 2)
    for origin in ("a.com", "b.com", "c.com", "a.com"):
        holding.note(a_line(project, origin))

    found = await lines_of(container, project)
    assert found == [(RATE_LIMITED, "a.com", 2), (RATE_LIMITED, "b.com", 1)]


async def test_pages_beyond_the_first_of_a_minute_share_a_line_and_leave_other_projects_theirs(
    holding: HoldRefused,
    container: Container,
    project: Project,
    other: Project,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hold_refused, "MOST_ORIGINS", 2)
    for origin in ("a.com", "b.com", "c.com", "a.com", "d.com"):
        holding.note(a_line(project, origin))
    holding.note(a_line(other, "c.com"))
    await holding.stop()

    lines = {line.origin: line.times for line in await held_by(container, project)}
    assert lines == {"a.com": 2, "b.com": 1, None: 2}
    assert [line.origin for line in await held_by(container, other)] == ["c.com"]


async def test_lines_are_written_by_themselves_and_those_that_were_cut_short_at_the_end(
    container: Container,
    held_ledger: WatchedHeldLedger,
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hold_refused, "LINES_SECONDS", 0.001)
    holding = container.hold_refused()
    held_ledger.gate.clear()
    holding.start()
    holding.note(a_line(project))
    async with asyncio.timeout(20):
        await held_ledger.reached.wait()
    stopping = asyncio.create_task(holding.stop())
    await let_tasks_start()
    held_ledger.gate.set()
    await stopping

    assert [line.code for line in await held_by(container, project)] == [RATE_LIMITED]


@pytest.mark.parametrize(
    ("error", "said"),
    [(StorageUnavailable("down"), "held.lines_lost 1"), (ValueError("odd"), "held.defect")],
)
async def test_lines_that_cannot_be_written_before_the_end_are_given_up_and_the_log_says_so(
    holding: HoldRefused,
    held_ledger: WatchedHeldLedger,
    project: Project,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    said: str,
) -> None:
    held_ledger.failures = [error]
    holding.note(a_line(project))

    await holding.stop()

    assert caplog.messages == [said]
