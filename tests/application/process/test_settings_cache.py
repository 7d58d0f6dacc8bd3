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


@pytest.fixture(autouse=True)
def no_gathering(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings_cache, "GATHER_SECONDS", 0.0)


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


async def renew(cache: Cache, clock: StillClock, *keys: str) -> None:
    """Ask for *keys*, and let their renewal begin when they are due."""
    for key in keys:
        await cache.get(key)
    clock.advance(1.0)
    for key in keys:
        cache.peek(key)
    await let_tasks_start()


async def test_what_becomes_due_in_one_moment_is_renewed_with_one_question(
    cache: Cache, answers: Answers, clock: StillClock
) -> None:
    for key in ("a", "b", "unused"):
        await cache.get(key)
    clock.advance(0.1)
    await cache.get("young")
    clock.advance(0.9)
    answers.questions.clear()

    for key in ("a", "young", "b", "a"):
        cache.peek(key)
    await let_tasks_start()
    cache.peek("a")
    await let_tasks_start()

    assert answers.questions == [["a", "b"]]


async def test_more_than_one_question_may_hold_are_renewed_by_several(
    answers: Answers, clock: StillClock
) -> None:
    cache: Cache = SettingsCache(answers.load_many, clock, together=2)
    keys = ["a", "b", "c", "d", "e"]
    for key in keys:
        await cache.get(key)
    answers.questions.clear()
    clock.advance(1.0)

    for key in keys:
        cache.peek(key)
    await let_tasks_start()

    assert answers.questions == [["a", "b"], ["c", "d"], ["e"]]


async def test_a_renewal_that_hangs_or_fails_makes_no_call_wait_and_none_fail(
    answers: Answers, clock: StillClock
) -> None:
    hangs = asyncio.Event()

    async def load(keys: Sequence[str]) -> list[str | None]:
        if len(keys) > 1:
            await hangs.wait()
            raise ValueError("one of them cannot be read")
        return await answers.load_many(keys)

    cache: Cache = SettingsCache(load, clock)
    await renew(cache, clock, "a", "b")
    clock.advance(1.0)

    meanwhile = [await cache.get(key) for key in ("a", "b")]
    hangs.set()
    await let_tasks_start()

    assert meanwhile == ["one", "two"]
    assert [cache.peek("a"), cache.peek("b")] == ["one", "two"]


async def test_where_each_is_asked_for_alone_none_waits_for_another(
    answers: Answers, clock: StillClock
) -> None:
    hangs = asyncio.Event()

    async def load(key: str) -> str | None:
        if key == "a" and answers.asked["a"]:
            await hangs.wait()
        return await answers.load(key)

    cache: Cache = SettingsCache.one_by_one(load, clock)
    await renew(cache, clock, "a", "b")

    assert answers.asked == {"a": 1, "b": 2}
    hangs.set()
    await let_tasks_start()
    assert answers.asked == {"a": 2, "b": 2}


async def test_after_a_renewal_that_hung_for_ever_there_are_others(
    cache: Cache, answers: Answers, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await cache.get("a")
    answers.gate.clear()
    clock.advance(1.0)
    with monkeypatch.context() as hurried:
        hurried.setattr(settings_cache, "LOAD_TIMEOUT_SECONDS", 0.0)
        cache.peek("a")
        await let_tasks_start()
    answers.gate.set()

    cache.peek("a")
    await let_tasks_start()
    clock.advance(1.9)
    assert cache.peek("a") == "one"


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


async def test_who_waits_for_a_question_that_hung_for_two_seconds_gets_a_newer_answer(
    clock: StillClock,
) -> None:
    gate, read = asyncio.Event(), iter(["before a change", "after it"])

    async def load(keys: Sequence[str]) -> list[str]:
        answers = [next(read) for _ in keys]
        await gate.wait()
        return answers

    cache = SettingsCache(load, clock)
    first = asyncio.create_task(cache.get("a"))
    await let_tasks_start()
    clock.advance(1.5)
    later = asyncio.create_task(cache.get("a"))
    await let_tasks_start()
    clock.advance(0.5)
    gate.set()

    assert [await first, await later, cache.peek("a")] == ["after it"] * 3


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


async def test_what_was_asked_for_anew_does_not_make_room_first(
    answers: Answers, clock: StillClock
) -> None:
    cache: Cache = SettingsCache(answers.load_many, clock, capacity=2)
    await cache.get("a")
    await cache.get("b")
    clock.advance(2.0)
    await cache.get("a")
    await cache.get("c")

    assert cache.knows("a")


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
