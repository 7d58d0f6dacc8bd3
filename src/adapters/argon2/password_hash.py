"""Argon2id (RFC 9106) in a thread of its own."""

import asyncio
import base64
import secrets
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from application.ports.password_hash import PasswordHash
from domain.users.refusals import HashingBusy

T = TypeVar("T")

MEMORY_KIB = 19 * 1024
PASSES = 2
"""What OWASP names as the least; about 30 ms. Others share the machine: it answers for leads."""
MOST_WAITING = 20
RETRY_AFTER_SECONDS = 2


class Argon2PasswordHash(PasswordHash):
    """
    Hashes one password at a time, so that nobody can fill memory and processors with tries.

    Whoever hung up while waiting is not hashed for; what has begun goes on to its end.
    """

    def __init__(self, *, memory_kib: int = MEMORY_KIB, passes: int = PASSES) -> None:
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=1)
        self._nobodys = _hash_of_nobody(memory_kib, passes)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="argon2")
        self._unfinished: set[Future[Any]] = set()

    async def hash(self, password: str) -> str:
        """The encoded hash, `$argon2id$…`, with a new salt."""
        return await self._in_turn(lambda: self._hasher.hash(_bytes(password)))

    async def verify(self, kept: str | None, password: str) -> bool:
        """Hash *password* in any case, against a hash that nothing matches if there is none."""

        def work() -> bool:
            try:
                return self._hasher.verify(kept or self._nobodys, _bytes(password))
            except VerifyMismatchError:
                return False

        return await self._in_turn(work)

    async def _in_turn(self, work: Callable[[], T]) -> T:
        self._unfinished = {one for one in self._unfinished if not one.done()}
        if len(self._unfinished) > MOST_WAITING:  # and one that does not wait
            raise HashingBusy(retry_after_seconds=RETRY_AFTER_SECONDS)
        future = self._thread.submit(work)
        self._unfinished.add(future)
        return await asyncio.wrap_future(future)


def _hash_of_nobody(memory_kib: int, passes: int) -> str:
    """A hash with the costs of all others, of a password that nobody has."""
    salt, value = (
        base64.b64encode(secrets.token_bytes(size)).rstrip(b"=").decode() for size in (16, 32)
    )
    return f"$argon2id$v=19$m={memory_kib},t={passes},p=1${salt}${value}"


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")
