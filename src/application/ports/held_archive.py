"""Where held calls and items are read."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Protocol

from domain.held import HeldCall, HeldQuery, HeldRoom
from domain.identity import Identity


class HeldArchive(Protocol):
    """
    Reads what is held; sees all that was acknowledged.

    Any method may raise `StorageUnavailable`; the caller may call again.
    """

    @abstractmethod
    async def page(self, query: HeldQuery, *, after: str | None, limit: int) -> Sequence[HeldCall]:
        """
        At most *limit* held calls beyond the `held_id` *after*, in the order of the query.

        An empty page is the end. One page is one short read.
        """

    @abstractmethod
    async def room(self, project_id: str, code: str) -> HeldRoom:
        """
        How many calls a project holds with this code, and how many bytes they have.

        It is read from an index alone: a held call may have megabytes.
        """

    @abstractmethod
    async def origins(self, project_id: str, channel: str, code: str) -> Mapping[str, int]:
        """How many calls of the channel are held with this code, by origin; those that have one."""

    @abstractmethod
    async def persons(self, project_id: str, channel: str, code: str) -> AbstractSet[Identity]:
        """
        All identities that captures of the channel have which are held with this code.

        It reads all of them, as many as may be held of a code, without their bodies.
        """

    @abstractmethod
    async def projects(self, code: str) -> Sequence[str]:
        """The ids of all projects that hold something with this code, ascending; a short read."""
