"""Captures in their queues, and calls at their deadline; nothing here is written."""

import asyncio
import weakref
from types import SimpleNamespace
from typing import Any

import pytest

from application.capture.waiting import TOO_LATE, Deadlines, Pending, ProjectQueues
from domain.capture import Kept, KeptAs
from domain.errors import StorageUnavailable
from domain.project import Project
from tests.support.builders import a_capture, a_project

SECONDS = 2.0
KEPT = Kept(1, KeptAs.NEW)


class Loop:
    """Time goes by when the test says so, and timers fire then."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.timers: list[Any] = []
        self.timers_set = 0

    def time(self) -> float:
        return self.now

    def call_at(self, when: float, work: Any, *arguments: Any) -> Any:
        self.timers.append(timer := SimpleNamespace(when=when, work=lambda: work(*arguments)))
        self.timers_set += 1
        return timer

    def advance(self, seconds: float) -> None:
        self.now += seconds
        for timer in [timer for timer in self.timers if timer.when <= self.now]:
            self.timers.remove(timer)
            timer.work()


@pytest.fixture
def loop() -> Any:
    return Loop()


@pytest.fixture
def deadlines() -> Deadlines:
    return Deadlines(SECONDS)


async def a_pending(project: Project | None = None, **fields: Any) -> Pending:
    future = asyncio.get_running_loop().create_future()
    return Pending(a_capture(project or a_project()), SECONDS, future, **fields)


async def watched(deadlines: Deadlines, loop: Any, **fields: Any) -> Pending:
    pending = await a_pending(**fields)
    deadlines.watch(pending, loop)
    return pending


async def test_each_call_waits_for_so_long_and_no_longer(deadlines: Deadlines, loop: Any) -> None:
    first = await watched(deadlines, loop)
    loop.advance(0.5)
    second = await watched(deadlines, loop)

    loop.advance(1.4)
    assert not first.outcome.done()
    loop.advance(0.1)
    assert str(first.outcome.exception()) == TOO_LATE
    assert isinstance(first.outcome.exception(), StorageUnavailable)
    assert not second.outcome.done()
    loop.advance(0.5)
    assert isinstance(second.outcome.exception(), StorageUnavailable)


async def test_a_call_whose_capture_was_tried_is_told_why_it_has_no_outcome(
    deadlines: Deadlines, loop: Any
) -> None:
    pending = await watched(deadlines, loop, cause="the disk is full")

    loop.advance(SECONDS)

    assert str(pending.outcome.exception()) == "the disk is full"


async def test_one_timer_is_enough_however_many_calls_wait(deadlines: Deadlines, loop: Any) -> None:
    calls = []
    for _ in range(1_000):
        calls.append(await watched(deadlines, loop))
        loop.advance(0.001)

    assert (len(loop.timers), loop.timers_set) == (1, 1)
    loop.advance(SECONDS)
    assert all(call.outcome.exception() for call in calls)
    assert loop.timers == []


async def test_after_calls_that_waited_too_long_the_next_one_has_a_timer_again(
    deadlines: Deadlines, loop: Any
) -> None:
    for _ in range(3):
        call = await watched(deadlines, loop)
        loop.advance(SECONDS)

        assert call.outcome.exception()


async def test_an_outcome_that_came_in_time_is_left_as_it_is(
    deadlines: Deadlines, loop: Any
) -> None:
    answered, waiting, gone = [await watched(deadlines, loop) for _ in range(3)]
    answered.answer(KEPT)
    gone.outcome.cancel()

    loop.advance(SECONDS)

    assert answered.outcome.result() == KEPT
    assert gone.outcome.cancelled()
    assert isinstance(waiting.outcome.exception(), StorageUnavailable)


@pytest.mark.parametrize("how", ["it is forgotten", "its time is over"])
async def test_nothing_is_kept_of_a_call_that_was_answered_though_an_earlier_one_waits(
    deadlines: Deadlines, loop: Any, how: str
) -> None:
    earlier = await watched(deadlines, loop)
    pendings = [await watched(deadlines, loop) for _ in range(3)]
    outcomes = [weakref.ref(pending.outcome) for pending in pendings]
    for pending in pendings:
        pending.answer(KEPT)
        if how == "it is forgotten":
            deadlines.forget(pending)
    del pending, pendings
    if how == "its time is over":
        loop.advance(SECONDS)

    assert [outcome() for outcome in outcomes] == [None] * 3
    assert earlier.outcome.done() == (how == "its time is over")


async def test_after_all_were_answered_the_next_call_has_its_own_time(
    deadlines: Deadlines, loop: Any
) -> None:
    (await watched(deadlines, loop)).answer(KEPT)
    loop.advance(1.0)
    late = await watched(deadlines, loop)

    loop.advance(1.0)
    assert not late.outcome.done()
    loop.advance(1.0)
    assert late.outcome.done()


class Queues:
    """Queues in which captures wait, called by their project and their number: `a1`."""

    def __init__(self) -> None:
        self.queues = ProjectQueues()
        self._projects = {letter: a_project() for letter in "abc"}
        self._names: dict[str, str] = {}

    async def add(self, *names: str) -> list[Pending]:
        pendings = []
        for name in names:
            pending = await a_pending(self._projects[name[0]])
            self._names[pending.capture.capture_id] = name
            self.queues.of(pending.capture.project_id).append(pending)
            pendings.append(pending)
        return pendings

    def take(self, most: int = 1) -> list[str]:
        return [self._names[one.capture.capture_id] for one in self.queues.take(most)]


@pytest.fixture
def queues() -> Queues:
    return Queues()


async def test_what_waits_is_taken_from_each_project_in_turn(queues: Queues) -> None:
    await queues.add("a1", "a2", "a3", "b1", "c1", "c2")

    assert queues.take(100) == ["a1", "b1", "c1", "a2", "c2", "a3"]


async def test_whose_turn_it_is_is_known_the_next_time_too(queues: Queues) -> None:
    await queues.add("a1", "a2", "a3", "b1", "b2")

    taken = [queues.take(), queues.take(2), queues.take(3)]

    assert taken == [["a1"], ["b1", "a2"], ["b2", "a3"]]


async def test_no_more_is_taken_than_is_asked_for(queues: Queues) -> None:
    await queues.add(*(f"a{number}" for number in range(5)))

    assert queues.take(0) == []
    assert queues.take(2) == ["a0", "a1"]
    assert queues.take(2) == ["a2", "a3"]
    assert queues.take(2) == ["a4"]


async def test_a_queue_that_was_emptied_is_forgotten(queues: Queues) -> None:
    await queues.add("a1", "a2", "b1")
    queues.take(3)

    assert not queues.queues._waiting


async def test_an_empty_queue_holds_up_no_other(queues: Queues) -> None:
    queues.queues.of("somebody who was refused")
    await queues.add("a1", "b1")

    assert queues.take() == ["a1"]
    assert queues.take(2) == ["b1"]
    assert queues.take(2) == []


async def test_what_is_put_back_is_first_and_in_its_order(queues: Queues) -> None:
    a1, a2, b1 = await queues.add("a1", "a2", "b1")
    await queues.add("a3", "b2")
    taken = queues.queues.take(3)
    assert taken == [a1, b1, a2]

    queues.queues.put_back(taken, "down")

    assert {pending.cause for pending in taken} == {"down"}
    assert [name for name in queues.take(100) if name[0] == "a"] == ["a1", "a2", "a3"]
