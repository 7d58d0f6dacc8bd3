import asyncio
from collections.abc import Sequence
from contextvars import ContextVar

import pytest
from structlog.testing import capture_logs

from adapters.mongodb.connection.presence import Presence
from domain.errors import Advice, AdviceCode, StorageUnavailable, StoreUnusable
from tests.support.clocks import StillClock


class Server:
    """What becomes of the tries, one after the other; the last of it for good."""

    def __init__(self, *answers: bool | Exception) -> None:
        self.answers: Sequence[bool | Exception] = answers
        self.tries = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def attempt(self) -> bool:
        await self.gate.wait()
        answer = self.answers[min(self.tries, len(self.answers) - 1)]
        self.tries += 1
        if isinstance(answer, Exception):
            raise answer
        return answer


async def tried(server: Server, times: int) -> None:
    async with asyncio.timeout(20):
        while server.tries < times:  # noqa: ASYNC110  it tells nobody
            await asyncio.sleep(0.01)
    await asyncio.sleep(0)


async def test_it_is_absent_until_a_try_succeeds() -> None:
    server = Server(False, StorageUnavailable("refused"), ZeroDivisionError(), True)
    presence = Presence(server.attempt, "")

    presence.wait_for_it("lost")
    at_once = presence.absence
    await tried(server, 3)
    meanwhile = presence.absence
    await tried(server, 4)

    assert (at_once, meanwhile, presence.absence) == ("lost", "ZeroDivisionError", "")


async def test_between_tries_that_last_there_is_no_time_in_which_nobody_looks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("adapters.mongodb.connection.presence.TRY_EVERY_SECONDS", 1000.0)
    clock = StillClock()
    server = Server(False, False, True)

    async def takes_its_time() -> bool:
        clock.advance(1000)
        return await server.attempt()

    presence = Presence(takes_its_time, "", clock.monotonic)
    presence.wait_for_it("lost")
    await tried(server, 3)

    assert presence.absence == ""


async def test_a_suspicion_refuses_nobody_before_it_is_confirmed() -> None:
    server = Server(True)
    server.gate.clear()
    presence = Presence(server.attempt, "")

    presence.ask_for_it("late")
    await asyncio.sleep(0)
    meanwhile = presence.absence
    server.gate.set()
    await tried(server, 1)

    assert meanwhile == presence.absence == ""


async def test_a_suspicion_that_is_confirmed_is_an_absence() -> None:
    server = Server(False)
    presence = Presence(server.attempt, "")

    presence.ask_for_it("late")
    await tried(server, 1)

    assert presence.absence == "late"
    await presence.end("closed")


async def test_one_task_alone_tries() -> None:
    server = Server(False)
    presence = Presence(server.attempt, "")
    server.gate.clear()

    for _ in range(5):
        presence.wait_for_it("lost")
        presence.ask_for_it("late")
    server.gate.set()
    await tried(server, 1)

    assert server.tries == 1
    await presence.end("closed")
    assert presence.absence == "closed"


async def test_a_time_bound_of_the_work_that_failed_does_not_bound_the_tries() -> None:
    bound: ContextVar[str] = ContextVar("bound", default="none")  # as that of pymongo.timeout()
    found = []

    async def attempt() -> bool:
        found.append(bound.get())
        return True

    presence = Presence(attempt, "")
    bound.set("two seconds")
    presence.wait_for_it("lost")
    await presence.tried.wait()

    assert found == ["none"]


async def test_what_waiting_does_not_help_against_is_known() -> None:
    advice = Advice(AdviceCode.RUN_NEWER_PROGRAM)
    refusal = StoreUnusable("newer", advice)
    presence = Presence(Server(refusal).attempt, "")

    with capture_logs() as lines:
        presence.speak()
        presence.wait_for_it("not open")
        await presence.tried.wait()

    assert [(line["event"], line["advice"]) for line in lines] == [("store.unusable", (advice,))]
    assert presence.refusal is refusal
    assert presence.absence == "newer"
    await presence.end("closed")
