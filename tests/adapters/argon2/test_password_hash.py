import asyncio
from typing import Any

import pytest

from adapters.argon2 import Argon2PasswordHash
from adapters.argon2.password_hash import MOST_WAITING
from tests.contracts.users.password_hash import PASSWORD, PasswordHashContract


@pytest.fixture
def passwords() -> Argon2PasswordHash:
    return Argon2PasswordHash()


class TestArgon2PasswordHash(PasswordHashContract):
    @pytest.fixture
    def most_waiting(self) -> int:
        return MOST_WAITING


def costs(kept: str) -> list[str]:
    return kept.split("$")[1:4]


async def test_nobodys_hash_has_the_costs_of_all_others(passwords: Argon2PasswordHash) -> None:
    assert costs(passwords._nobodys) == costs(await passwords.hash(PASSWORD))


async def test_one_password_is_worked_on_at_a_time_and_not_on_the_loop(
    passwords: Argon2PasswordHash, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work: list[int] = []
    most = 0
    verify = passwords._hasher.verify

    class Watched:
        def verify(self, *given: Any) -> bool:
            nonlocal most
            with pytest.raises(RuntimeError):
                asyncio.get_running_loop()
            at_work.append(1)
            most = max(most, len(at_work))
            try:
                return verify(*given)
            finally:
                at_work.pop()

    monkeypatch.setattr(passwords, "_hasher", Watched())

    await asyncio.gather(*(passwords.verify(None, PASSWORD) for _ in range(5)))

    assert most == 1


async def test_who_hung_up_while_waiting_makes_room(passwords: Argon2PasswordHash) -> None:
    waiting = [
        asyncio.ensure_future(passwords.verify(None, PASSWORD)) for _ in range(1 + MOST_WAITING)
    ]
    await asyncio.sleep(0)
    for one in waiting[1:]:
        one.cancel()
    await asyncio.wait(waiting[1:])

    assert not await passwords.verify(None, PASSWORD)
    await waiting[0]
