"""Which held calls have come in since: somebody tried again, and is a lead by now."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from application.held.refused_call import says_of
from application.ports.held_archive import HeldArchive
from application.ports.lead_archive import LeadArchive
from domain.held import HeldCall, HeldQuery
from domain.lead import REST, Lead, LeadDetails
from domain.leads.query import LeadQuery

PAGE = 500
HELD_PAGE = 100
MOST_AT_A_GLANCE = 1_000
"""So many of the newest leads are read for a page, which shall not wait for a million."""
_NOT_DIGITS = re.compile(r"\D+")

Sign = tuple[str, str]
"""By what a lead is found to be the same person's: its kind and its value."""


@dataclass(frozen=True, slots=True)
class Glance:
    """
    What a short look finds.

    Attributes:
        arrived: The lead that each has arrived as, by `held_id`; others are missing.
        is_whole: Every lead since the oldest of the calls was looked at.
    """

    arrived: Mapping[str, int]
    is_whole: bool


class Arrived:
    """
    The held calls of one project whose persons came in later, kept up to date with its leads.

    It remembers leads that have a sign of a held call that it was asked for, and no others. Leads
    are read once: what it is asked again needs only the leads that came meanwhile.
    """

    def __init__(self, leads: LeadArchive, held: HeldArchive, project_id: str) -> None:
        self._archive = leads
        self._held = held
        self._project_id = project_id
        self._signs: dict[str, frozenset[Sign]] = {}
        self._wanted: set[Sign] = set()
        self._read_since: datetime | None = None
        self._read_to: int | None = None
        self._leads: dict[Sign, dict[int, datetime]] = defaultdict(dict)
        self._request_ids: set[str] = set()

    def look_for(self, calls: Iterable[HeldCall]) -> None:
        """
        Look for the persons of *calls* from the next reading on.

        What a webhook brought knows its person, and is not looked for.
        """
        for call in calls:
            if call.channel != REST or call.capture is None or call.held_id in self._signs:
                continue
            signs = self._signs[call.held_id] = frozenset(signs_of(call.capture.details))
            self._wanted |= signs
            began = self._read_since
            self._read_since = call.at if began is None else min(began, call.at)
            self._read_to = None  # the leads that were read were not looked at for this one

    async def look_for_all(self, query: HeldQuery) -> None:
        """
        Look for the persons of all that *query* finds: leads are read once, not for each page.

        Raises:
            StorageUnavailable: Not all of them are looked for.
        """
        after = None
        while page := await self._held.page(query, after=after, limit=HELD_PAGE):
            self.look_for(page)
            after = page[-1].held_id

    async def of(self, calls: Sequence[HeldCall]) -> Mapping[str, int]:
        """
        The lead that each of *calls* has arrived as, by `held_id`; those that have not are missing.

        Nor has one that is a lead itself: whoever released it was killed before it was removed.

        Raises:
            StorageUnavailable: Nothing is known.
        """
        self.look_for(calls)
        await self._read_on()
        return self._found(calls)

    async def among_the_newest(self, calls: Sequence[HeldCall]) -> "Glance":
        """
        The same, as far as the newest leads of the project tell.

        Raises:
            StorageUnavailable: Nothing is known.
        """
        self.look_for(calls)
        if self._read_since is None:
            return Glance({}, is_whole=True)
        query = LeadQuery(project_id=self._project_id, newest_first=True)
        leads = await self._archive.page(query, after=None, limit=MOST_AT_A_GLANCE)
        self._note(leads)
        is_whole = len(leads) < MOST_AT_A_GLANCE or leads[-1].captured_at < self._read_since
        return Glance(self._found(calls), is_whole)

    def _found(self, calls: Sequence[HeldCall]) -> Mapping[str, int]:
        arrived: dict[str, int] = {}
        for call in calls:
            later = [
                lead_id
                for sign in self._signs.get(call.held_id, ())
                for lead_id, captured_at in self._leads.get(sign, {}).items()
                if captured_at > (call.last_at or call.at)
            ]
            if later and call.request_id not in self._request_ids:
                arrived[call.held_id] = min(later)
        return arrived

    async def _read_on(self) -> None:
        if self._read_since is None:
            return
        query = LeadQuery(project_id=self._project_id, since=self._read_since)
        while page := await self._archive.page(query, after=self._read_to, limit=PAGE):
            self._note(page)
            self._read_to = page[-1].lead_id

    def _note(self, leads: Iterable[Lead]) -> None:
        """Remember those that have a sign that is looked for."""
        for lead in leads:
            for sign in self._wanted.intersection(signs_of(lead.details)):
                self._leads[sign][lead.lead_id] = lead.captured_at
                self._request_ids.add(lead.request_id)


class Arrivals:
    """
    Finds the leads of people who were refused first and got through later.

    Whoever is refused tries again. If the call that was held became a lead as well, one person
    would be counted twice. So a held call whose e-mail address, phone number or whole content is
    on a lead that came after it was sent last has *arrived*, and is released only by its id.
    """

    def __init__(self, leads: LeadArchive, held: HeldArchive) -> None:
        self._leads = leads
        self._held = held

    def follow(self, project_id: str) -> Arrived:
        """What arrives in the project from now on, of the calls that it will be asked for."""
        return Arrived(self._leads, self._held, project_id)

    async def among(self, query: HeldQuery) -> Arrived:
        """
        What arrives of all that *query* finds.

        Raises:
            StorageUnavailable: Nothing is known.
        """
        arrived = self.follow(query.project_id)
        await arrived.look_for_all(query)
        return arrived


def signs_of(details: LeadDetails) -> Iterable[Sign]:
    """What two leads of one person have in common."""
    if details.email:
        yield "email", details.email.casefold()
    if details.phone and (digits := _NOT_DIGITS.sub("", details.phone)):
        yield "phone", digits
    yield "all", says_of(details)
