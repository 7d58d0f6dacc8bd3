"""Captures become leads: optimistic numbers and places, judged by unique indexes."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Container, Iterable, Sequence

from adapters.mongodb.connection.collections import Collections
from adapters.mongodb.connection.database import MongoDatabase
from adapters.mongodb.leads.documents import encoded
from adapters.mongodb.leads.free_places import CHUNK_PLACES
from adapters.mongodb.leads.lookup import look_up
from adapters.mongodb.leads.numbers import Monotonic, Numbers
from adapters.mongodb.leads.persons import find_links
from adapters.mongodb.leads.places import Allotment, Allotments, Places, Shelf, fill_all
from adapters.mongodb.leads.sorting import Attachment, Entry, Join, sort
from adapters.mongodb.leads.writing import (
    Result,
    change_leads,
    changes_of,
    complete_messages,
    insert_leads,
    insert_links,
    insert_messages,
)
from application.ports.lead_ledger import LeadLedger
from domain.capture import Batch, Kept, KeptAs, NotKept, NotKeptBecause, Outcome

FIRST_PAUSE_SECONDS = 0.001
LONGEST_PAUSE_SECONDS = 0.05
FEWEST_ROUNDS = 8
MOST_OF_THE_TIME = 0.25
"""The part of a call's time after which its captures do not wait for one another any more."""


class MongoLeadLedger(LeadLedger):
    """
    Records a batch in rounds; one write is all that a batch of new leads needs.

    What a round left open (a number that another process took, a person who was being made
    known) is tried again in the next one, until the time is over. Where captures wait for
    others of the batch, it ends earlier: the rest is undecided, and what it wrote is found.
    """

    is_concurrent = True

    def __init__(
        self,
        database: MongoDatabase,
        monotonic: Monotonic = time.monotonic,
        chunk_places: int = CHUNK_PLACES,
    ) -> None:
        self._database = database
        self._monotonic = monotonic
        self._numbers = Numbers(monotonic)
        self._places = Places(monotonic, chunk_places)

    async def record(self, batch: Batch, timeout_seconds: float) -> Sequence[Outcome]:
        """Every answer is what the majority has."""
        outcomes: list[Outcome] = [NotKept(NotKeptBecause.UNWRITABLE)] * len(batch.captures)
        entries: dict[int, Entry] = {}
        for position, capture in enumerate(batch.captures):
            document = encoded(capture, batch.month)
            if document is not None:
                entries[position] = Entry.of(capture, document)
        await self._settle(list(entries.values()), batch, timeout_seconds)
        for position, entry in entries.items():
            assert entry.outcome is not None
            outcomes[position] = entry.outcome
        return outcomes

    async def _settle(self, entries: list[Entry], batch: Batch, timeout_seconds: float) -> None:
        pause = FIRST_PAUSE_SECONDS
        enough = self._monotonic() + MOST_OF_THE_TIME * timeout_seconds
        rounds = 0
        with self._database.work(timeout_seconds) as store:
            recording = Recording(store, batch, self._numbers, self._places)
            while entries:
                left = await recording.round(entries)
                rounds += 1
                if rounds >= FEWEST_ROUNDS and self._monotonic() >= enough and _is_chain(left):
                    _refuse_all(left)
                    return
                if len(left) == len(entries):  # others are at it; the driver ends it in time
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
                entries = left


def _is_chain(entries: Iterable[Entry]) -> bool:
    return any(entry.blockers for entry in entries)


def _refuse_all(entries: Iterable[Entry]) -> None:
    for entry in entries:
        entry.refuse(NotKeptBecause.UNDECIDED)


class Recording:
    """
    The rounds of one batch.

    Within a round everything happens at once: what is looked up, what is inserted, what is
    attached. What depends on an earlier capture of the batch waits for the next round.
    """

    def __init__(self, store: Collections, batch: Batch, numbers: Numbers, places: Places) -> None:
        self._store = store
        self._batch = batch
        self._numbers = numbers
        self._places = places

    async def round(self, entries: Sequence[Entry]) -> list[Entry]:
        """Try each of *entries* once; those that are still without an outcome."""
        full_before = {entry for entry in entries if self._shelf(entry).is_full}
        asked = [entry.capture for entry in entries if entry.must_look]
        work = sort(entries, await look_up(self._store, asked))
        if work.links:  # they go before all that is new, so that nobody is overtaken by a place
            await self._link(work.links)
            work = work.of_other_projects()
        allotments = await self._allot(work.newcomers)
        _refuse_where_full(entries, allotments, full_before)
        new = await self._insert(allotments.values())
        await self._attach(work.joins, [*work.attachments, *new])
        return _without_outcome(entries)

    async def _link(self, entries: Sequence[Entry]) -> None:
        """Remember names; whether somebody has them by now is asked in the next round."""
        for entry, result in zip(entries, await insert_links(self._store, entries), strict=True):
            _note(entry, result)

    async def _allot(self, newcomers: Sequence[Entry]) -> Allotments:
        """A number, and a place where it counts, for each newcomer that can have them."""
        by_project: dict[str, list[Entry]] = defaultdict(list)
        for entry in newcomers:
            by_project[entry.capture.project_id].append(entry)
        allotments = {
            project_id: Allotment(project_id, self._numbers, self._shelf(entries[0]))
            for project_id, entries in by_project.items()
        }
        await fill_all(self._store, [(allotments[one], by_project[one]) for one in by_project])
        return allotments

    def _shelf(self, entry: Entry) -> Shelf:
        project_id = entry.capture.project_id
        month, limit = str(self._batch.month), self._batch.limits[project_id]
        return self._places.shelf(project_id, month, limit)

    async def _insert(self, allotments: Iterable[Allotment]) -> list[Attachment]:
        """Insert what has a number; the messages of new leads are still to be attached."""
        owners = [(entry, one) for one in allotments for entry in one.entries]
        if not owners:
            return []
        try:
            results = await insert_leads(self._store, [entry for entry, _ in owners])
        except BaseException:
            for _, allotment in owners:
                allotment.forget()
            raise
        attachments = []
        # Backwards: what is given back last-taken first is next again, and leaves no gap.
        for (entry, allotment), result in zip(reversed(owners), reversed(results), strict=True):
            allotment.note(entry, result)
            if result in (Result.NUMBER_TAKEN, Result.PLACE_TAKEN):
                continue
            if _note(entry, result):
                attachments.append(_of_new_lead(entry))
        return attachments[::-1]

    async def _attach(self, joins: Sequence[Join], attachments: Sequence[Attachment]) -> None:
        """
        Names and pointers first: a message is known only when its lead is.

        A crash in between leaves nothing that the same capture would not complete.
        """
        ready = await self._change(joins, attachments)
        ready = await self._without_new_links(ready)
        with_message = [one for one in ready if one.adds_message]
        results = await insert_messages(self._store, with_message) if with_message else []
        written = dict(zip(map(id, with_message), results, strict=True))
        completing = [one.entry.capture for one in ready if one.completes_message]
        if completing:
            await complete_messages(self._store, completing)
        for one in ready:
            if _note(one.entry, written.get(id(one), Result.WRITTEN)):
                one.entry.outcome = one.outcome

    async def _change(
        self, joins: Sequence[Join], attachments: Sequence[Attachment]
    ) -> list[Attachment]:
        """Change leads that are there; the attachments that were not in anybody's way."""
        changes = changes_of(joins, attachments)
        failed = await change_leads(self._store, changes) if changes else {}
        return [one for one in attachments if _note(one.entry, failed.get(one.entry))]

    async def _without_new_links(self, attachments: Sequence[Attachment]) -> list[Attachment]:
        """Those whose persons got no further names by links while they got a lead."""
        named = [one.entry for one in attachments if one.is_named]
        if not named:
            return list(attachments)
        names = [(entry.capture.project_id, name) for entry in named for name in entry.names]
        links = await find_links(self._store, names)
        grown = {
            entry
            for entry in named
            if len(links.with_linked(entry.capture.project_id, entry.names)) > len(entry.names)
        }
        return [one for one in attachments if one.entry not in grown]


def _without_outcome(entries: Iterable[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.outcome is None]


def _of_new_lead(entry: Entry) -> Attachment:
    return Attachment(
        entry,
        Kept(entry.document["lead_id"], KeptAs.NEW),
        adds_message=entry.capture.message is not None,
        is_named=bool(entry.capture.identities),
    )


def _note(entry: Entry, result: Result | None) -> bool:
    """Whether what was to be written for *entry* is; else it is looked up again, or refused."""
    if result is Result.UNWRITABLE:
        entry.refuse(NotKeptBecause.UNWRITABLE)
    elif result not in (Result.WRITTEN, None):
        entry.must_look = True
    return result in (Result.WRITTEN, None)


def _refuse_where_full(
    entries: Iterable[Entry], allotments: Allotments, full_before: Container[Entry]
) -> None:
    """
    Refuse what counts and finds its month full, if the store was asked for it after that.

    Asked before, it may not know whom another process gave the last place to. Who waits for
    entries that were all refused is refused as well: they made nobody known.
    """
    for entry in entries:
        allotment = allotments.get(entry.capture.project_id)
        if allotment is None or entry.outcome or not entry.is_newcomer:
            continue
        if _is_undecided(entry, allotment):
            entry.refuse(NotKeptBecause.UNDECIDED)
        if not all(map(_is_refused, entry.blockers)) or entry.outcome:
            continue
        if entry.capture.opens_lead and allotment.is_full_for(entry):
            if entry.looked and entry in full_before:
                entry.refuse(NotKeptBecause.PLAN_FULL)
            entry.must_look = True


def _is_undecided(entry: Entry, allotment: Allotment) -> bool:
    """Whether it may have a place, or somebody may whom it waits for."""
    undecided = NotKept(NotKeptBecause.UNDECIDED)
    return allotment.is_undecided_for(entry) or any(b.outcome == undecided for b in entry.blockers)


def _is_refused(entry: Entry) -> bool:
    return entry.outcome is not None and not isinstance(entry.outcome, Kept)
