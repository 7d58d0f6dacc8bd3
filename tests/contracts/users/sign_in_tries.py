"""
What every `SignInTries` does.

Subclass and provide `tries` and `other_tries`: in a store, as another process would have it.
"""

import asyncio
from datetime import datetime, timedelta

from application.ports.sign_in_tries import SignInTries
from tests.support.builders import NOW

MOST, WINDOW_SECONDS = 3, 60


async def take(tries: SignInTries, subject: str = "ada", at: datetime = NOW) -> int | None:
    return await tries.take(subject, at, window_seconds=WINDOW_SECONDS, most=MOST)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


class SignInTriesContract:
    async def test_so_many_are_judged_and_the_next_waits_until_the_first_is_too_old(
        self, tries: SignInTries
    ) -> None:
        judged = [await take(tries, at=after(seconds)) for seconds in (0, 10, 20)]

        assert judged == [None, None, None]
        assert await take(tries, at=after(20)) == 40
        assert await take(tries, at=after(59.5)) == 1
        assert await take(tries, at=after(60)) is None
        assert await take(tries, at=after(60)) == 10

    async def test_a_try_while_waiting_is_none(self, tries: SignInTries) -> None:
        for _ in range(MOST + 5):
            await take(tries)

        assert await take(tries, at=after(59)) == 1
        assert [await take(tries, at=after(60)) for _ in range(MOST)] == [None] * MOST

    async def test_each_subject_has_a_count_of_its_own(self, tries: SignInTries) -> None:
        for subject in ("ada", "", "ADA", "ada ", "%", "🙂"):
            assert [await take(tries, subject) for _ in range(MOST)] == [None] * MOST
            assert await take(tries, subject) == WINDOW_SECONDS

    async def test_of_many_at_the_same_moment_no_more_are_judged(
        self, tries: SignInTries, other_tries: SignInTries
    ) -> None:
        found = await asyncio.gather(
            *(take(one) for _ in range(2 * MOST) for one in (tries, other_tries))
        )

        assert found.count(None) == MOST

    async def test_a_success_forgets_them_and_those_of_nobody_else(
        self, tries: SignInTries, other_tries: SignInTries
    ) -> None:
        for _ in range(MOST):
            await take(tries)
            await take(tries, "bob")

        await other_tries.forget("ada")
        await other_tries.forget("nobody")

        assert await take(tries) is None
        assert await take(tries, "bob") is not None

    async def test_a_try_that_is_withdrawn_does_not_count_and_one_alone_is(
        self, tries: SignInTries, other_tries: SignInTries
    ) -> None:
        for _ in range(MOST):
            await take(tries)

        await other_tries.withdraw("ada", after(1))
        await other_tries.withdraw("bob", NOW)
        assert await take(tries) is not None
        await other_tries.withdraw("ada", NOW)

        assert await take(tries) is None
        assert await take(tries) is not None

    async def test_all_that_were_withdrawn_leave_nothing(self, tries: SignInTries) -> None:
        await take(tries)

        for _ in range(2):
            await tries.withdraw("ada", NOW)

        assert [await take(tries) for _ in range(MOST)] == [None] * MOST
