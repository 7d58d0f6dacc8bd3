"""How passwords are hashed."""

from abc import abstractmethod
from typing import Protocol


class PasswordHash(Protocol):
    """
    A hash that takes time and memory, so that nobody can guess through many passwords.

    Works off the event loop, on one password at a time. Both methods raise `HashingBusy` where too
    many wait already.
    """

    @abstractmethod
    async def hash(self, password: str) -> str:
        """What is kept of *password*: printable ASCII that also names the hash and its costs."""

    @abstractmethod
    async def verify(self, kept: str | None, password: str) -> bool:
        """
        Whether *kept* was made of *password*.

        With None it is False, and takes the same time: nobody learns from it who has a password.
        """
