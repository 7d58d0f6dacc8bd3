"""Who asks at the same time, goes away, or waits for a store that does not answer."""

import asyncio

import pytest

from application.process.settings_cache import SettingsCache
from domain.errors import StorageUnavailable
from tests.application.fakes import Answers, let_tasks_start
from tests.support.clocks import StillClock


@pytest.fixture
def answers() -> Answers:
    return Answers(a="one", b="two")


@pytest.fixture
def cache(answers: Answers, clock: StillClock) -> SettingsCache[str, str | None]:
    return SettingsCache(answers.load, clock)


Cache = SettingsCache[str, str | None]


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
    cache: Cache, answers: Answers
) -> None:
    await cache.get("b")
    answers.gate.clear()

    with pytest.raises(StorageUnavailable):
        await cache.get("a")
    assert cache.peek("b") == "two"
    answers.gate.set()
    assert await cache.get("a") == "one"
