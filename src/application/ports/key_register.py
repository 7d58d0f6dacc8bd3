"""Where API keys are kept."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from domain.api_key import ApiKey


class KeyRegister(Protocol):
    """
    The keys of all projects, found by digest.

    Any method may raise `StorageUnavailable`; the caller may call again.
    """

    @abstractmethod
    async def add(self, key: ApiKey) -> ApiKey:
        """
        Keep a new key.

        A digest is one key's, revoked or not, and a channel has one key per project that is
        not revoked: if there is one, nothing is changed and that one is returned. Atomic.
        """

    @abstractmethod
    async def find_many(self, digests: Sequence[bytes]) -> Sequence[ApiKey | None]:
        """
        The key with each of up to 100 digests, in their order, by one question; else None.

        Revoked ones are found as well.
        """

    @abstractmethod
    async def of_project(self, project_id: str) -> Sequence[ApiKey]:
        """Every key of a project, channels' keys and revoked ones included, oldest first."""

    @abstractmethod
    async def revoke(self, key_id: str, at: datetime) -> ApiKey:
        """
        Close a key for good; a key that is revoked already keeps its moment.

        Raises:
            NotFound: There is no such key.
        """

    @abstractmethod
    async def mark_used(self, last_used: Mapping[str, datetime]) -> None:
        """Note when keys were last used, by key id; a later moment that is kept already stays."""
