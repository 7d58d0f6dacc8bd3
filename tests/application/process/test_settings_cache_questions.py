"""Calls that have to wait in the same moment ask one question."""

import asyncio
from collections.abc import Sequence
from contextvars import ContextVar

import pytest

from application.process import settings_cache
from application.process.settings_cache import (
    EXPIRES_AFTER_SECONDS,
    REFRESH_AFTER_SECONDS,
    SettingsCache,
)
from domain.errors import StorageUnavailable
from tests.application.fakes import Answers, let_tasks_start
from tests.support.clocks import StillClock

Cache = SettingsCache[str, str | None]
REQUEST: ContextVar[str] = ContextVar("request", default="none's")


@pytest.fixture
def answers() -> Answers:
    return Answers(a="one", b="two", c="three")


@pytest.fixture
def cache(answers: Answers, clock: StillClock) -> Cache:
    return SettingsCache(answers.load_many, clock)


async def test_calls_of_one_moment_ask_one_question(cache: Cache, answers: Answers) -> None:
    got = await asyncio.gather(*map(cache.get, "abac"))

    assert got == ["one", "two", "one", "three"]
    assert answers.questions == [["a", "b", "c"]]


async def test_more_than_one_question_may_hold_are_asked_in_several(
    answers: Answers, clock: StillClock
) -> None:
    cache: Cache = SettingsCache(answers.load_many, clock, together=2)

    got = await asyncio.gather(*map(cache.get, "abcde"))

    assert got == ["one", "two", "three", None, None]
    assert answers.questions == [["a", "b"], ["c", "d"], ["e"]]


async def test_where_the_store_has_no_question_for_several_each_is_asked_alone(
    answers: Answers, clock: StillClock
) -> None:
    hangs = asyncio.Event()

    async def load(key: str) -> str | None:
        if key == "a":
            await hangs.wait()
        return await answers.load(key)

    cache: Cache = SettingsCache.one_by_one(load, clock)
    slow, other = (asyncio.create_task(cache.get(key)) for key in "ab")  # in the same moment

    assert await other == "two"
    hangs.set()
    assert await slow == "one"


async def test_what_was_just_asked_for_makes_room_last(answers: Answers, clock: StillClock) -> None:
    cache: Cache = SettingsCache(answers.load_many, clock, capacity=2)
    await cache.get("a")
    await cache.get("b")
    clock.advance(2.0)

    await asyncio.gather(*map(cache.get, "ac"))

    assert [cache.knows(key) for key in "abc"] == [True, False, True]


async def test_a_call_waits_for_no_question_that_was_asked_before(
    cache: Cache, answers: Answers
) -> None:
    answers.gate.clear()
    slow = asyncio.create_task(cache.get("a"))
    await let_tasks_start()
    later = asyncio.create_task(cache.get("b"))
    await let_tasks_start()

    assert answers.questions == [["a"], ["b"]]
    answers.gate.set()
    assert [await slow, await later] == ["one", "two"]


async def test_what_cannot_be_read_of_one_fails_no_other(
    answers: Answers, clock: StillClock
) -> None:
    async def load(keys: Sequence[str]) -> list[str | None]:
        found = await answers.load_many(keys)
        if "b" in keys:
            raise ValueError("b is spoilt")
        return found

    cache: Cache = SettingsCache(load, clock)

    one, two, three = await asyncio.gather(*map(cache.get, "abc"), return_exceptions=True)

    assert [one, three] == ["one", "three"]
    assert isinstance(two, ValueError)
    assert cache.knows("a")
    assert not cache.knows("b")
    assert answers.questions == [["a", "b", "c"], ["a"], ["b"], ["c"]]


async def test_a_store_that_is_down_is_not_asked_again_for_each(
    cache: Cache, answers: Answers
) -> None:
    answers.is_down = True

    got = await asyncio.gather(*map(cache.get, "abc"), return_exceptions=True)

    assert [type(one) for one in got] == [StorageUnavailable] * 3
    assert answers.questions == [["a", "b", "c"]]


async def test_a_question_that_is_broken_off_leaves_nobody_waiting(
    cache: Cache, answers: Answers
) -> None:
    answers.gate.clear()
    waiting = [asyncio.create_task(cache.get(key)) for key in "ab"]
    await let_tasks_start()
    [asking] = cache._tasks
    asking.cancel()
    ended = await asyncio.gather(*waiting, return_exceptions=True)

    assert [type(one) for one in ended] == [StorageUnavailable] * 2
    answers.gate.set()
    assert await cache.get("a") == "one"


async def test_whoever_comes_while_a_late_answer_arrives_asks_anew(
    cache: Cache, answers: Answers, clock: StillClock
) -> None:
    answers.gate.clear()
    gone = asyncio.create_task(cache.get("a"))
    await let_tasks_start()
    gone.cancel()
    clock.advance(2.0)
    answers.gate.set()

    async def after(turns: int) -> str | None:
        for _ in range(turns):
            await asyncio.sleep(0)
        return await cache.get("a")

    assert await asyncio.gather(*map(after, range(5))) == ["one"] * 5
    assert answers.asked == {"a": 2}


async def test_a_question_of_several_calls_is_the_request_of_none(
    clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings_cache, "GATHER_SECONDS", 0.0)
    seen: list[str] = []

    async def load(keys: Sequence[str]) -> list[str]:
        seen.append(REQUEST.get())
        return list(keys)

    cache = SettingsCache(load, clock)
    REQUEST.set("somebody's")
    await cache.get("a")
    clock.advance(1.0)
    cache.peek("a")
    await let_tasks_start()

    assert seen == ["none's"] * 2


def test_an_answer_is_renewed_some_time_before_it_is_too_old() -> None:
    left = EXPIRES_AFTER_SECONDS - REFRESH_AFTER_SECONDS - settings_cache.GATHER_SECONDS

    assert left >= 0.5, "for the store to answer"
