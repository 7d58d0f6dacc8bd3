"""Where kept leads are read."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Protocol

from domain.lead import Lead
from domain.leads.query import LeadQuery
from domain.leads.sums import Chunk
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
    async def page(
        self, query: LeadQuery, *, after: int | None, limit: int, up_to: int | None = None
    ) -> Sequence[Lead]:
        """
        At most *limit* leads beyond the `lead_id` *after*, in the order of the query.

        None of them lies beyond *up_to*, which is itself looked at. Joined leads are left out:
        they are in what they are joined into. An empty page is the end. One page is one short
        read, so that a long export holds nothing open; but it reads all leads on its way, and
        `application.leads.find` says how far it is asked to go.
        """

    @abstractmethod
    async def sums(self, project_ids: Sequence[str]) -> Mapping[str, Sequence[Chunk]]:
        """
        How many leads each of these projects has, in chunks by their numbers, ascending.

        Every lead that was acknowledged before is counted, once, in the chunk of its number, as
        it is now: a lead that has been joined, or has learned where it came from, is counted so.
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
