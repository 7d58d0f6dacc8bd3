"""Where sessions are kept."""

from abc import abstractmethod
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from domain.users.session import Session


class SessionRegister(Protocol):
    """
    The sessions of all users, found by the digest of their token.

    Those of a user who is removed go with the user (`UserRegister.change`). Any method may raise
    `StorageUnavailable`; the caller may call again.
    """

    @abstractmethod
    async def add(self, session: Session) -> None:
        """Keep a new session; one of a user who was removed meanwhile may be left out."""

    @abstractmethod
    async def find(self, digest: bytes) -> Session | None:
        """The session with this digest, also one that has ended by its time."""

    @abstractmethod
    async def mark_used(self, last_used: Mapping[bytes, datetime]) -> None:
        """Note when sessions were last used, by digest; a later moment that is kept stays."""

    @abstractmethod
    async def end(self, digest: bytes) -> None:
        """Delete the session; it may be gone already."""

    @abstractmethod
    async def prune(self, before: datetime) -> None:
        """Delete what was last used before that moment."""
