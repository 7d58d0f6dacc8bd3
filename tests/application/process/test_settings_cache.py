"""Who asks at the same time, goes away, or waits for a store that does not answer."""

import asyncio
from collections.abc import Sequence

import pytest

from application.process import settings_cache
from application.process.settings_cache import SettingsCache
from domain.errors import StorageUnavailable
from tests.application.fakes import Answers, let_tasks_start
from tests.support.clocks import StillClock


@pytest.fixture
def answers() -> Answers:
    return Answers(a="one", b="two")


@pytest.fixture
def cache(answers: Answers, clock: StillClock) -> SettingsCache[str, str | None]:
    return SettingsCache(answers.load_many, clock)


Cache = SettingsCache[str, str | None]


async def test_an_answer_is_remembered(cache: Cache, answers: Answers, clock: StillClock) -> None:
    first = await cache.get("a")
    answers.known["a"] = "other"
    clock.advance(0.999)

    assert [first, await cache.get("a"), cache.peek("a")] == ["one"] * 3
    await let_tasks_start()
    assert answers.asked == {"a": 1}


async def test_each_question_has_its_own_answer(cache: Cache) -> None:
    assert [await cache.get("a"), await cache.get("b")] == ["one", "two"]


async def test_that_there_is_none_is_remembered_too(cache: Cache, answers: Answers) -> None:
    assert [await cache.get("x"), await cache.get("x"), cache.peek("x")] == [None] * 3
    assert answers.asked == {"x": 1}


async def test_what_is_known_is_given_without_suspending(cache: Cache) -> None:
    await cache.get("a")

    with pytest.raises(StopIteration) as done:
        cache.get("a").send(None)
    assert done.value.value == "one"


async def test_an_answer_is_forgotten_after_two_seconds(
    cache: Cache, answers: Answers, clock: StillClock
) -> None:
    await cache.get("a")
    answers.known["a"] = "new"
    clock.advance(2.0)

    with pytest.raises(KeyError):
        cache.peek("a")
    assert await cache.get("a") == "new"
    assert answers.asked == {"a": 2}


@pytest.mark.parametrize("age", [1.0, 1.999])
async def test_an_answer_is_renewed_in_the_background_from_its_second_second_on(
    cache: Cache, answers: Answers, clock: StillClock, age: float
) -> None:
    await cache.get("a")
    answers.known["a"] = "new"
    clock.advance(age)

    meanwhile = [await cache.get("a"), cache.peek("a")]
    await let_tasks_start()

    assert meanwhile == ["one", "one"]
    assert cache.peek("a") == "new"
    assert answers.asked == {"a": 2}


async def test_a_renewed_answer_is_as_old_as_its_own_question(
    cache: Cache, answers: Answers, clock: StillClock
) -> None:
    await cache.get("a")
    clock.advance(1.5)
    cache.peek("a")
    await let_tasks_start()
    clock.advance(1.9)

    assert cache.peek("a") == "one"
    clock.advance(0.1)
    await let_tasks_start()
    assert answers.asked == {"a": 3}


async def test_who_is_due_is_renewed_with_others_that_are_in_use_and_soon_due(
    cache: Cache, answers: Answers, clock: StillClock
) -> None:
    for key in ("unused", "a", "b"):
        await cache.get(key)
    clock.advance(0.5)
    await cache.get("young")
    clock.advance(0.49)
    for key in ("a", "young", "b"):
        cache.peek(key)
    clock.advance(0.01)
    answers.questions.clear()

    cache.peek("a")
    await let_tasks_start()
    clock.advance(0.99)
    cache.peek("a")
    cache.peek("b")
    await let_tasks_start()

    assert answers.questions == [["a", "b", "young"]]


async def test_what_nobody_looked_at_again_is_not_renewed_along_a_second_time(
    cache: Cache, answers: Answers, clock: StillClock
) -> None:
    for key in ("a", "b"):
        await cache.get(key)
        cache.peek(key)
    answers.questions.clear()

    for _ in range(3):
        clock.advance(1.0)
        cache.peek("a")
        await let_tasks_start()

    assert answers.questions == [["a", "b"], ["a"], ["a"]]


async def test_more_than_one_question_may_hold_are_renewed_in_several(
    answers: Answers, clock: StillClock
) -> None:
    cache: Cache = SettingsCache(answers.load_many, clock, together=2)
    keys = ["a", "b", "c", "d", "e"]
    for key in keys:
        await cache.get(key)
        cache.peek(key)
    answers.questions.clear()
    clock.advance(1.0)

    for key in keys:
        cache.peek(key)
    await let_tasks_start()

    assert answers.questions == [["a", "e"], ["b", "d"], ["c"]]


async def test_where_each_is_asked_for_alone_so_it_is_renewed(
    answers: Answers, clock: StillClock
) -> None:
    cache: Cache = SettingsCache.one_by_one(answers.load, clock)
    for key in ("a", "b"):
        await cache.get(key)
        cache.peek(key)
    clock.advance(1.0)

    cache.peek("a")
    await let_tasks_start()

    assert answers.asked == {"a": 2, "b": 1}


async def test_a_renewal_that_fails_for_one_costs_the_others_nothing(
    answers: Answers, clock: StillClock
) -> None:
    async def load(keys: Sequence[str]) -> list[str | None]:
        if "b" in keys and clock.monotonic() > start:
            raise ValueError("cannot be read any more")
        return await answers.load_many(keys)

    start = clock.monotonic()
    cache: Cache = SettingsCache(load, clock)
    for key in ("a", "b"):
        await cache.get(key)
        cache.peek(key)
    for _ in range(3):
        clock.advance(1.0)
        assert await cache.get("a") == "one"
        await let_tasks_start()

    with pytest.raises(ValueError, match="cannot be read"):
        await cache.get("b")


async def test_a_renewal_that_fails_leaves_the_answer_until_it_is_two_seconds_old(
    cache: Cache, answers: Answers, clock: StillClock
) -> None:
    await cache.get("a")
    answers.is_down = True
    clock.advance(1.0)
    cache.peek("a")
    await let_tasks_start()
    clock.advance(0.9)

    assert await cache.get("a") == "one"
    clock.advance(0.1)
    with pytest.raises(StorageUnavailable):
        await cache.get("a")


async def test_the_age_of_an_answer_counts_from_its_question(
    cache: Cache, answers: Answers, clock: StillClock
) -> None:
    answers.gate.clear()
    asker = asyncio.create_task(cache.get("a"))
    await let_tasks_start()
    clock.advance(1.5)
    answers.gate.set()
    await asker
    clock.advance(0.5)

    with pytest.raises(KeyError):
        cache.peek("a")


async def test_an_answer_that_took_two_seconds_is_given_and_not_remembered(
    cache: Cache, answers: Answers, clock: StillClock
) -> None:
    answers.gate.clear()
    asker = asyncio.create_task(cache.get("a"))
    await let_tasks_start()
    clock.advance(2.0)
    answers.gate.set()

    assert await asker == "one"
    with pytest.raises(KeyError):
        cache.peek("a")


async def test_an_error_is_never_remembered(cache: Cache, answers: Answers) -> None:
    answers.is_down = True
    with pytest.raises(StorageUnavailable):
        await cache.get("a")
    with pytest.raises(KeyError):
        cache.peek("a")
    answers.is_down = False

    assert await cache.get("a") == "one"


async def test_what_was_looked_at_longest_ago_makes_room(
    answers: Answers, clock: StillClock
) -> None:
    cache: Cache = SettingsCache(answers.load_many, clock, capacity=2)
    await cache.get("a")
    await cache.get("b")
    cache.peek("a")
    await cache.get("c")

    assert [cache.peek("a"), cache.peek("c")] == ["one", None]
    with pytest.raises(KeyError):
        cache.peek("b")


async def test_one_question_is_asked_once_at_a_time(cache: Cache, answers: Answers) -> None:
    answers.gate.clear()
    askers = [asyncio.create_task(cache.get("a")) for _ in range(20)]
    await let_tasks_start()
    answers.gate.set()

    assert await asyncio.gather(*askers) == ["one"] * 20
    assert answers.asked == {"a": 1}


async def test_an_error_reaches_everybody_who_asked(cache: Cache, answers: Answers) -> None:
    answers.gate.clear()
    answers.is_down = True
    askers = [asyncio.create_task(cache.get("a")) for _ in range(3)]
    await let_tasks_start()
    answers.gate.set()
    ended = await asyncio.gather(*askers, return_exceptions=True)

    assert [type(error) for error in ended] == [StorageUnavailable] * 3
    assert answers.asked == {"a": 1}


async def test_a_question_goes_on_when_its_asker_goes_away(cache: Cache, answers: Answers) -> None:
    answers.gate.clear()
    gone = asyncio.create_task(cache.get("a"))
    stays = asyncio.create_task(cache.get("a"))
    await let_tasks_start()
    gone.cancel()
    await let_tasks_start()
    answers.gate.set()

    assert await stays == "one"
    assert gone.cancelled()
    assert answers.asked == {"a": 1}


async def test_the_answer_is_remembered_also_when_everybody_who_asked_has_gone(
    cache: Cache, answers: Answers
) -> None:
    answers.gate.clear()
    gone = asyncio.create_task(cache.get("a"))
    await let_tasks_start()
    gone.cancel()
    answers.gate.set()
    await let_tasks_start()

    assert cache.peek("a") == "one"


async def test_a_store_that_does_not_answer_is_not_waited_for_for_ever(
    cache: Cache, answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    await cache.get("b")
    answers.gate.clear()

    with monkeypatch.context() as hurried:
        hurried.setattr(settings_cache, "LOAD_TIMEOUT_SECONDS", 0.0)
        with pytest.raises(StorageUnavailable):
            await cache.get("a")
    assert cache.peek("b") == "two"
    answers.gate.set()
    assert await cache.get("a") == "one"


async def test_an_answer_that_comes_late_takes_the_place_of_no_newer_one(
    clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, hangs = [], asyncio.Event()

    async def load(key: str) -> str:
        asked.append(key)
        if len(asked) > 1:
            return "new"
        await hangs.wait()
        return "old"

    cache = SettingsCache.one_by_one(load, clock)
    with monkeypatch.context() as hurried:
        hurried.setattr(settings_cache, "LOAD_TIMEOUT_SECONDS", 0.0)
        with pytest.raises(StorageUnavailable):
            await cache.get("a")
    clock.advance(0.5)
    first = await cache.get("a")
    hangs.set()
    await let_tasks_start()

    assert first == "new"
    assert cache.peek("a") == "new"
