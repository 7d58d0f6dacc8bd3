"""Refused calls are held together, durably, as far as there is room; others leave a line."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from application.held import hold_refused
from application.held.hold_refused import ROOM_SECONDS, HoldRefused
from application.held.refused_call import refusal_line
from domain import held
from domain.errors import StorageUnavailable
from domain.held import (
    INVALID_JSON,
    NO_ROOM,
    PLAN_LIMIT_REACHED,
    RATE_LIMITED,
    VALIDATION_FAILED,
    HeldCall,
)
from domain.project import Project
from entrypoints.container import Container
from tests.application.fakes import WatchedHeldLedger, let_tasks_start, unavailable
from tests.application.in_force import hold_at_most
from tests.application.kept import codes_of, held_by
from tests.support.builders import NOW, a_held_call
from tests.support.clocks import StillClock


@pytest.fixture
def ledger(container: Container) -> WatchedHeldLedger:
    watched = WatchedHeldLedger(container.held_ledger())
    container.held_ledger.override(watched)
    return watched


@pytest.fixture
def holding(container: Container, ledger: WatchedHeldLedger) -> HoldRefused:
    return container.hold_refused()


def holding_at_most(container: Container, calls: int) -> HoldRefused:
    hold_at_most(container, calls)
    return container.hold_refused()


def calls_of(project: Project, number: int, code: str = VALIDATION_FAILED) -> list[HeldCall]:
    return [a_held_call(project, code=code) for _ in range(number)]


def a_line(project: Project, origin: str = "example.com", at: datetime = NOW) -> HeldCall:
    request_id = a_held_call(project).request_id
    return refusal_line(
        project.project_id, RATE_LIMITED, at=at, request_id=request_id, origin=origin
    )


async def lines_of(container: Container, project: Project) -> list[tuple[str, str | None, int]]:
    await container.hold_refused().stop()
    lines = [call for call in await held_by(container, project) if call.code in held.LINES]
    return sorted((line.code, line.origin, line.times) for line in lines)


async def test_a_call_that_is_said_to_be_held_is_in_the_store(
    holding: HoldRefused, container: Container, project: Project
) -> None:
    call = a_held_call(project)

    assert await holding.hold(call)
    assert await held_by(container, project) == [call]


async def test_what_comes_while_a_write_is_under_way_goes_into_the_next_one_together(
    holding: HoldRefused, ledger: WatchedHeldLedger, project: Project
) -> None:
    first, *later = calls_of(project, 4)
    ledger.gate.clear()
    holds = [asyncio.create_task(holding.hold(first))]
    await ledger.reached.wait()
    holds += [asyncio.create_task(holding.hold(call)) for call in later]
    await let_tasks_start()
    ledger.gate.set()

    assert await asyncio.gather(*holds) == [True] * 4
    assert ledger.given == [[first], later]


async def test_a_write_has_no_more_calls_than_it_may(
    holding: HoldRefused,
    ledger: WatchedHeldLedger,
    container: Container,
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hold_refused, "LARGEST_BATCH", 2)
    calls = calls_of(project, 5)

    await asyncio.gather(*map(holding.hold, calls))

    assert max(map(len, ledger.given)) == 2
    assert await held_by(container, project) == calls


async def test_where_a_project_holds_as_many_as_it_may_of_a_code_the_older_stay_and_a_line_counts(
    container: Container, ledger: WatchedHeldLedger, project: Project
) -> None:
    holding = holding_at_most(container, 2)
    calls = calls_of(project, 4)

    assert [await holding.hold(call) for call in calls] == [True, True, False, False]
    assert await lines_of(container, project) == [(NO_ROOM, VALIDATION_FAILED, 2)]
    assert [call for call in await held_by(container, project) if call.code != NO_ROOM] == calls[:2]


async def test_calls_that_come_together_find_no_more_room_than_there_is(
    container: Container, ledger: WatchedHeldLedger, project: Project
) -> None:
    holding = holding_at_most(container, 3)

    answers = await asyncio.gather(*map(holding.hold, calls_of(project, 10)))

    assert answers.count(True) == 3
    assert await codes_of(container, project) == [VALIDATION_FAILED] * 3


@pytest.mark.parametrize(
    ("code", "most"), [(VALIDATION_FAILED, "_LARGEST_OF_OTHERS"), (PLAN_LIMIT_REACHED, "_LARGEST")]
)
async def test_where_a_project_holds_as_many_bytes_as_it_may_no_more_is_held(
    holding: HoldRefused,
    container: Container,
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
    code: str,
    most: str,
) -> None:
    monkeypatch.setattr(held, most, {code: 10} if most == "_LARGEST" else 10)
    first, second, small = (a_held_call(project, code=code, body="x" * n) for n in (6, 5, 4))

    assert [await holding.hold(call) for call in (first, second, small)] == [True, False, True]
    assert await lines_of(container, project) == [(NO_ROOM, code, 1)]


async def test_each_code_of_each_project_has_room_of_its_own(
    container: Container, ledger: WatchedHeldLedger, project: Project, other: Project
) -> None:
    holding = holding_at_most(container, 1)
    calls = [
        *calls_of(project, 1),
        *calls_of(project, 1, INVALID_JSON),
        *calls_of(other, 1),
    ]

    assert all([await holding.hold(call) for call in calls])


async def test_what_was_released_makes_room_within_a_second(
    container: Container, ledger: WatchedHeldLedger, project: Project, clock: StillClock
) -> None:
    holding = holding_at_most(container, 1)
    first, second = calls_of(project, 2)
    await holding.hold(first)
    await ledger.remove(project.project_id, [first.held_id])
    clock.advance(ROOM_SECONDS)

    assert await holding.hold(second)


async def test_what_another_process_holds_takes_room_within_a_second(
    container: Container, ledger: WatchedHeldLedger, project: Project, clock: StillClock
) -> None:
    holding = holding_at_most(container, 2)
    first, of_another_process, third = calls_of(project, 3)
    await holding.hold(first)
    await ledger.hold([of_another_process])
    clock.advance(ROOM_SECONDS)

    assert not await holding.hold(third)


@pytest.mark.parametrize(("name", "most"), [("MOST_WAITING", 2), ("LARGEST_WAITING", 5)])
async def test_a_process_that_has_too_much_to_write_holds_no_more_until_it_is_written(
    holding: HoldRefused,
    ledger: WatchedHeldLedger,
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    most: int,
) -> None:
    monkeypatch.setattr(hold_refused, name, most)
    first, second, third, fourth = calls_of(project, 4)
    ledger.gate.clear()
    holds = [asyncio.create_task(holding.hold(first))]
    await ledger.reached.wait()
    holds.append(asyncio.create_task(holding.hold(second)))
    await let_tasks_start()

    assert not await holding.hold(third)
    ledger.gate.set()
    assert await asyncio.gather(*holds) == [True, True]
    assert await holding.hold(fourth)


async def test_calls_that_come_together_are_no_more_than_may_wait_to_be_written(
    holding: HoldRefused, container: Container, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hold_refused, "MOST_WAITING", 2)

    answers = await asyncio.gather(*map(holding.hold, calls_of(project, 5)))

    assert answers.count(True) == 2
    assert await lines_of(container, project) == [(NO_ROOM, VALIDATION_FAILED, 3)]


@pytest.mark.parametrize("error", [StorageUnavailable("down"), ValueError("a defect")])
async def test_if_a_write_fails_everybody_in_it_hears_so_and_the_next_one_is_written(
    holding: HoldRefused,
    ledger: WatchedHeldLedger,
    container: Container,
    project: Project,
    error: Exception,
) -> None:
    ledger.failures = [error]
    *lost, later = calls_of(project, 3)

    answers = await asyncio.gather(*map(holding.hold, lost), return_exceptions=True)

    assert answers == [error, error]
    assert await holding.hold(later)
    assert await held_by(container, project) == [later]


async def test_a_caller_who_goes_away_is_held_all_the_same_and_keeps_no_other_from_its_answer(
    holding: HoldRefused, ledger: WatchedHeldLedger, container: Container, project: Project
) -> None:
    calls = calls_of(project, 3)
    ledger.gate.clear()
    first = asyncio.create_task(holding.hold(calls[0]))
    await ledger.reached.wait()
    goes_away, stays = (asyncio.create_task(holding.hold(call)) for call in calls[1:])
    await let_tasks_start()
    goes_away.cancel()
    ledger.gate.set()

    async with asyncio.timeout(20):
        assert await asyncio.gather(first, stays) == [True, True]
    assert await held_by(container, project) == calls


async def test_a_process_that_ends_writes_what_waits(
    holding: HoldRefused, ledger: WatchedHeldLedger, container: Container, project: Project
) -> None:
    calls = calls_of(project, 2)
    ledger.gate.clear()
    holds = [asyncio.create_task(holding.hold(calls[0]))]
    await ledger.reached.wait()
    holds.append(asyncio.create_task(holding.hold(calls[1])))
    await let_tasks_start()
    stopping = asyncio.create_task(holding.stop())
    ledger.gate.set()
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
            *map(holding.hold, calls_of(project, 2)), return_exceptions=True
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
    ledger: WatchedHeldLedger,
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hold_refused, "LINES_SECONDS", 0.001)
    holding = container.hold_refused()
    ledger.gate.clear()
    holding.start()
    holding.note(a_line(project))
    async with asyncio.timeout(20):
        await ledger.reached.wait()
    stopping = asyncio.create_task(holding.stop())
    await let_tasks_start()
    ledger.gate.set()
    await stopping

    assert [line.code for line in await held_by(container, project)] == [RATE_LIMITED]


@pytest.mark.parametrize(
    ("error", "said"),
    [(StorageUnavailable("down"), "held.lines_lost 1"), (ValueError("odd"), "held.defect")],
)
async def test_lines_that_cannot_be_written_before_the_end_are_given_up_and_the_log_says_so(
    holding: HoldRefused,
    ledger: WatchedHeldLedger,
    project: Project,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    said: str,
) -> None:
    ledger.failures = [error]
    holding.note(a_line(project))

    await holding.stop()

    assert caplog.messages == [said]
