"""
What every `PasswordHash` does.

Subclass and provide `passwords`, and `most_waiting`, beside the one that is worked on.
"""

import asyncio

import pytest

from application.ports.password_hash import PasswordHash
from domain.users.refusals import HashingBusy

PASSWORD = "correct horse"


class PasswordHashContract:
    async def test_a_hash_was_made_of_its_password_and_of_no_other(
        self, passwords: PasswordHash
    ) -> None:
        kept = await passwords.hash(PASSWORD)

        assert await passwords.verify(kept, PASSWORD)
        for other in ("", "correct horse ", "Correct horse", "nul\0", "\udcff", "x" * 1000):
            assert not await passwords.verify(kept, other)

    async def test_nobodys_password_is_always_wrong(self, passwords: PasswordHash) -> None:
        assert not await passwords.verify(None, PASSWORD)
        assert not await passwords.verify(None, "")

    async def test_two_hashes_of_one_password_differ_and_do_not_contain_it(
        self, passwords: PasswordHash
    ) -> None:
        first, second = [await passwords.hash(PASSWORD) for _ in range(2)]

        assert first != second
        assert first.isascii()
        assert first.isprintable()
        assert PASSWORD not in first

    @pytest.mark.parametrize("password", ["zoë🙂 ", "\udcff half a pair", "nul\0 inside"])
    async def test_any_text_can_be_a_password(self, passwords: PasswordHash, password: str) -> None:
        assert await passwords.verify(await passwords.hash(password), password)

    async def test_so_many_wait_and_one_more_is_turned_away(
        self, passwords: PasswordHash, most_waiting: int
    ) -> None:
        some_more = 3

        found = await asyncio.gather(
            *(passwords.verify(None, PASSWORD) for _ in range(1 + most_waiting + some_more)),
            return_exceptions=True,
        )

        refused = [one for one in found if isinstance(one, HashingBusy)]
        assert len(refused) == some_more
        assert all(one.retry_after_seconds for one in refused)
        assert not await passwords.verify(None, PASSWORD)
