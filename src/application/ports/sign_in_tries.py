"""Where tries to sign in are counted."""

from abc import abstractmethod
from datetime import datetime
from typing import Protocol


class SignInTries(Protocol):
    """
    Counts tries by subject: an account, a browser, an address. What is older than the window goes.

    A try is counted before it is judged: of many that come at the same moment no more are judged
    than may be. Any method may raise `StorageUnavailable`.
    """

    @abstractmethod
    async def take(
        self, subject: str, at: datetime, *, window_seconds: int, most: int
    ) -> int | None:
        """
        Count a try; if *most* are counted in the window before *at*, leave it uncounted.

        Atomic. None if it may be judged, else in how many seconds (at least 1) to come again.
        """

    @abstractmethod
    async def withdraw(self, subject: str, at: datetime) -> None:
        """Count the try of that moment no longer: it was not judged."""

    @abstractmethod
    async def forget(self, subject: str) -> None:
        """Forget all tries of *subject*: one succeeded."""
