"""How often somebody may try a password."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from application.ports.clock import Clock
from application.ports.sign_in_tries import SignInTries
from domain.users.refusals import HashingBusy, TooManyTries, WrongPassword

MOST_FAILURES = 10
WINDOW_SECONDS = 15 * 60
MOST_AT_ONCE = 21
"""
One whose password is being hashed, and 20 that wait for it. Each is written down, and more of them
would only keep the store from writing leads.
"""
RETRY_AFTER_SECONDS = 2


class Throttle:
    """
    After 10 failures in 15 minutes a subject waits.

    A subject is an account, a browser that signed in to it before, or an address. Accounts and
    browsers are counted in the store, for all processes; only as digests, for people also type
    their password into the field for the e-mail. Addresses are counted in each process, since none
    is ever stored.
    """

    def __init__(self, stored: SignInTries, in_process: SignInTries, clock: Clock) -> None:
        self._stored = stored
        self._in_process = in_process
        self._clock = clock
        self._at_once = 0

    @asynccontextmanager
    async def one_try(self, account: str, address: str | None = None) -> AsyncIterator[None]:
        """
        Count one try, then let the block judge it.

        A success forgets the failures. A block that raises `WrongPassword` has failed; if it
        raises anything else nothing was judged, and the try is not counted.

        Raises:
            TooManyTries: Too many have failed; the block is not entered, and nothing is counted.
            HashingBusy: Too many are being judged at this moment; the same.
        """
        if self._at_once >= MOST_AT_ONCE:
            raise HashingBusy(retry_after_seconds=RETRY_AFTER_SECONDS)
        self._at_once += 1
        try:
            async with self._counted(account, address):
                yield
        finally:
            self._at_once -= 1

    @asynccontextmanager
    async def _counted(self, account: str, address: str | None) -> AsyncIterator[None]:
        at = self._clock.now()
        # The address first: to count it and to take that back costs the store nothing.
        wanted = [(self._in_process, address)] if address is not None else []
        wanted.append((self._stored, hashlib.sha256(account.encode()).hexdigest()))
        counted = []
        try:
            for tries, subject in wanted:
                await _take(tries, subject, at)
                counted.append((tries, subject))
            yield
        except WrongPassword:
            raise
        except BaseException:
            for tries, subject in counted:
                await tries.withdraw(subject, at)
            raise
        for tries, subject in counted:
            await tries.forget(subject)


async def _take(tries: SignInTries, subject: str, at: datetime) -> None:
    seconds = await tries.take(subject, at, window_seconds=WINDOW_SECONDS, most=MOST_FAILURES)
    if seconds is not None:
        raise TooManyTries(retry_after_seconds=seconds)
