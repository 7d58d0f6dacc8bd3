"""Where kept leads are read."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Protocol

from domain.lead import Lead, LeadQuery
from domain.plan import Month, Usage


class LeadArchive(Protocol):
    """
    Reads leads; sees every lead that was acknowledged.

    Any method may raise `StorageUnavailable`; the caller may call again.
    """

    @abstractmethod
    async def get(self, project_id: str, lead_id: int) -> Lead | None:
        """
        The lead with its messages, oldest message first.

        The messages of leads that are joined into it, directly or through others, are its own
        too. A joined lead has those that came with it, and says what it is joined into: the
        lead at the end of the chain.
        """

    @abstractmethod
    async def page(self, query: LeadQuery, *, after: int | None, limit: int) -> Sequence[Lead]:
        """
        At most *limit* leads beyond the `lead_id` *after*, in the order of the query.

        Joined leads are left out: they are in what they are joined into. An empty page is the
        end. One page is one short read, so that a long export holds nothing open.
        """

    @abstractmethod
    async def places_taken(self, project_id: str, month: Month) -> int:
        """How many leads of the project count in *month*."""

    @abstractmethod
    async def usage(self, project_ids: Sequence[str], month: Month) -> Mapping[str, Usage]:
        """
        What each of these projects has at a glance, by its id; every one of them is there.

        Asked for all of them together, since a page lists them. What is held is counted here too,
        and only from indexes: a held call may have megabytes.
        """
