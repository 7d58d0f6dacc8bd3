"""As much is held as there is room for; what waits already needs none, and the rest is counted."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from application.held.hold_refused import ROOM_SECONDS, HoldRefused
from domain import held
from domain.held import (
    INVALID_JSON,
    NO_ROOM,
    PLAN_LIMIT_REACHED,
    VALIDATION_FAILED,
    HeldRoom,
)
from domain.project import Project
from entrypoints.container import Container
from tests.application.fakes import WatchedHeldLedger, let_tasks_start
from tests.application.in_force import holding_at_most
from tests.application.kept import codes_of, held_by, lines_of
from tests.support.builders import NOW, a_held_call, held_calls
from tests.support.clocks import StillClock


async def test_where_a_project_holds_as_many_as_it_may_of_a_code_the_older_stay_and_a_line_counts(
    container: Container, held_ledger: WatchedHeldLedger, project: Project
) -> None:
    holding = holding_at_most(container, 2)
    calls = held_calls(project, 4, VALIDATION_FAILED)

    assert [await holding.hold(call) for call in calls] == [True, True, False, False]
    assert await lines_of(container, project) == [(NO_ROOM, VALIDATION_FAILED, 2)]
    assert [call for call in await held_by(container, project) if call.code != NO_ROOM] == calls[:2]


async def test_who_tries_again_takes_the_room_of_one_call(
    container: Container, held_ledger: WatchedHeldLedger, project: Project
) -> None:
    holding = holding_at_most(container, 2)
    first, new, more = held_calls(project, 3, VALIDATION_FAILED)
    again = [replace(first, held_id=f"held_again_{number}") for number in range(5)]

    answers = [await holding.hold(call) for call in (first, *again, new, more)]

    assert answers == [True] * 7 + [False]


async def test_what_finds_no_room_has_a_line_for_each_minute(
    container: Container, held_ledger: WatchedHeldLedger, project: Project
) -> None:
    holding = holding_at_most(container, 0)
    for seconds in (0, 30, 60):
        await holding.hold(a_held_call(project, at=NOW + timedelta(seconds=seconds)))

    await holding.stop()
    lines = await held_by(container, project)
    assert [(line.origin, line.times) for line in lines] == [
        (PLAN_LIMIT_REACHED, 2),
        (PLAN_LIMIT_REACHED, 1),
    ]


async def test_where_there_is_no_room_what_waits_already_is_counted_and_said_to_be_held(
    container: Container, held_ledger: WatchedHeldLedger, project: Project
) -> None:
    holding = holding_at_most(container, 1)
    first, new = held_calls(project, 2, VALIDATION_FAILED)
    again = replace(first, held_id="held_again")
    await holding.hold(first)

    answers = await asyncio.gather(*map(holding.hold, (again, new)))

    assert answers == [True, False]
    assert await lines_of(container, project) == [(NO_ROOM, VALIDATION_FAILED, 1)]
    (held,) = [call for call in await held_by(container, project) if call.code != NO_ROOM]
    assert (held.held_id, held.times) == (first.held_id, 2)


async def test_calls_that_come_together_find_no_more_room_than_there_is(
    container: Container, held_ledger: WatchedHeldLedger, project: Project
) -> None:
    holding = holding_at_most(container, 3)

    answers = await asyncio.gather(*map(holding.hold, held_calls(project, 10, VALIDATION_FAILED)))

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
    first, second, small = (
        a_held_call(project, code=code, body="x" * n, capture=None) for n in (6, 5, 4)
    )

    assert [await holding.hold(call) for call in (first, second, small)] == [True, False, True]
    assert await lines_of(container, project) == [(NO_ROOM, code, 1)]


async def test_each_code_of_each_project_has_room_of_its_own(
    container: Container, held_ledger: WatchedHeldLedger, project: Project, other: Project
) -> None:
    holding = holding_at_most(container, 1)
    calls = [
        *held_calls(project, 1, VALIDATION_FAILED),
        *held_calls(project, 1, INVALID_JSON),
        *held_calls(other, 1, VALIDATION_FAILED),
    ]

    assert all([await holding.hold(call) for call in calls])


async def test_what_was_released_makes_room_within_a_second(
    container: Container, held_ledger: WatchedHeldLedger, project: Project, clock: StillClock
) -> None:
    holding = holding_at_most(container, 1)
    first, second = held_calls(project, 2, VALIDATION_FAILED)
    await holding.hold(first)
    await held_ledger.remove(project.project_id, [first.held_id])
    clock.advance(ROOM_SECONDS)

    assert await holding.hold(second)


async def test_what_another_process_holds_takes_room_within_a_second(
    container: Container, held_ledger: WatchedHeldLedger, project: Project, clock: StillClock
) -> None:
    holding = holding_at_most(container, 2)
    first, of_another_process, third = held_calls(project, 3, VALIDATION_FAILED)
    await holding.hold(first)
    await held_ledger.hold([of_another_process])
    clock.advance(ROOM_SECONDS)

    assert not await holding.hold(third)


async def test_what_is_being_written_takes_room_when_the_store_is_asked_anew(
    container: Container,
    held_ledger: WatchedHeldLedger,
    project: Project,
    clock: StillClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    holding = holding_at_most(container, 1)
    first, second = held_calls(project, 2, VALIDATION_FAILED)
    archive, answered = container.held_archive(), asyncio.Event()
    room = archive.room

    async def answer(project_id: str, code: str) -> HeldRoom:
        found = await room(project_id, code)
        answered.set()
        return found

    held_ledger.gate.clear()
    writing = asyncio.create_task(holding.hold(first))
    await held_ledger.reached.wait()
    clock.advance(ROOM_SECONDS)
    monkeypatch.setattr(archive, "room", answer)
    asking = asyncio.create_task(holding.hold(second))
    await answered.wait()
    held_ledger.gate.set()

    assert await asyncio.gather(writing, asking) == [True, False]


async def test_who_tries_again_while_the_first_call_is_being_written_takes_no_room_either(
    container: Container, held_ledger: WatchedHeldLedger, project: Project, clock: StillClock
) -> None:
    holding = holding_at_most(container, 3)  # the first may be counted twice for a moment
    first, new = held_calls(project, 2, VALIDATION_FAILED)
    again = [replace(first, held_id=f"held_again_{number}") for number in range(5)]
    held_ledger.gate.clear()
    calls = [asyncio.create_task(holding.hold(call)) for call in (first, *again)]
    await held_ledger.reached.wait()

    clock.advance(ROOM_SECONDS)  # so the store is asked anew
    calls.append(asyncio.create_task(holding.hold(new)))
    await let_tasks_start()
    held_ledger.gate.set()

    assert all(await asyncio.gather(*calls))
    (held, other) = await held_by(container, project)
    assert (held.times, other.times) == (6, 1)
