"""
Captures become leads: a process guesses free numbers and places, and unique indexes decide.

There is no lock and no transaction. Any number of processes record at the same time, each several
batches beside one another, and any of them may freeze or be killed between two writes. So every
step asks what is there, writes one document that a unique index may refuse, and asks again where
it was refused. `MongoLeadLedger` repeats such rounds; a `Recording` is the rounds of one batch:

    look up      what the store knows of the captures (`lookup`, `persons`)
    sort         what is to be done for each (`sorting`)
    link         remember identities that have no lead yet (`persons`)
    allot        a free number, and a free place (`numbers`, `places`, `free_places`)
    insert       the new leads, in one write (`writing`)
    attach       identities, details and pointers to leads that are there, then the messages

An *entry* is a capture in these rounds, until it has its outcome.
"""

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
"""After this part of its time a call ends if captures are left of which some wait for others."""


class MongoLeadLedger(LeadLedger):
    """
    Records a batch in rounds; a batch of new leads needs one write only.

    Another process may take a number, or make the person a lead, in the same moment. The next round
    tries such captures again, until the time is over. If captures wait for others of the batch, it
    ends earlier: the rest is undecided and comes again with the next batch, which finds what this
    one has written.
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
        """
        Record each capture; every outcome was read from, or written to, the majority.

        If the time runs out, nobody knows what of the batch is written, and the writer records
        the same captures again. Each finds itself by its `_id`, which is made from its capture id.
        """
        outcomes: list[Outcome] = [NotKept(NotKeptBecause.UNWRITABLE)] * len(batch.captures)
        entries: dict[int, Entry] = {}
        month = str(batch.month)
        for position, capture in enumerate(batch.captures):
            document = encoded(capture, month)
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
                # Not one was settled: other processes write the same numbers or persons. The pause
                # lets one of them be first; `work()` ends this loop when the time is over.
                if len(left) == len(entries):
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

    A round does each kind of work once for all its entries, so that a batch costs a few queries
    and writes, however many captures it has. If a capture has the same person or key as an earlier
    one of the batch, it waits for the next round, which finds the earlier one in the store.
    """

    def __init__(self, store: Collections, batch: Batch, numbers: Numbers, places: Places) -> None:
        self._store = store
        self._batch = batch
        self._numbers = numbers
        self._places = places
        self._month = str(batch.month)

    async def round(self, entries: Sequence[Entry]) -> list[Entry]:
        """
        Try each of *entries* once, and return those that are still without an outcome.

        A full month refuses nobody whose person, key or message is known. Another process may
        give somebody the last place just after this one has looked that person up and found
        nothing. Therefore which months are full is noted *before* anything is looked up, and only
        an entry that was looked up after that is refused, or one that nobody can know: so a flood
        of calls in a full month asks the store nothing, and costs the neighbours of its batch
        nothing.
        """
        project_ids = {entry.capture.project_id for entry in entries}
        full_before = {one for one in project_ids if self._shelf(one).is_full}
        asked = [entry.capture for entry in entries if entry.must_look]
        work = sort(entries, await look_up(self._store, asked))
        if work.links:
            # Alone: a new person whose names are linked now is tried in the next round. Captures
            # that stand behind it in the batch must not take the last place before it, so all of
            # its project waits with it.
            await self._link(work.links)
            work = work.of_other_projects()
        allotments = await self._allot(work.newcomers)
        _refuse_where_full(entries, allotments, full_before)
        new = await self._insert(allotments.values())
        await self._attach(work.joins, [*work.attachments, *new])
        return _without_outcome(entries)

    async def _link(self, entries: Sequence[Entry]) -> None:
        """
        Remember that names are one person's; the next round asks whether a lead has them by now.

        First the link, then the question: `persons` says what would be lost the other way round.
        """
        for entry, result in zip(entries, await insert_links(self._store, entries), strict=True):
            _note(entry, result)

    async def _allot(self, newcomers: Sequence[Entry]) -> Allotments:
        """Give each newcomer a number and, if it counts, a place, as far as there are places."""
        by_project: dict[str, list[Entry]] = defaultdict(list)
        for entry in newcomers:
            by_project[entry.capture.project_id].append(entry)
        allotments = {
            project_id: Allotment(project_id, self._numbers, self._shelf(project_id))
            for project_id in by_project
        }
        await fill_all(self._store, [(allotments[one], by_project[one]) for one in by_project])
        return allotments

    def _shelf(self, project_id: str) -> Shelf:
        return self._places.shelf(project_id, self._month, self._batch.limits[project_id])

    async def _insert(self, allotments: Iterable[Allotment]) -> list[Attachment]:
        """Insert what has a number; the new leads, whose messages are to be written next."""
        owners = [(entry, one) for one in allotments for entry in one.entries]
        if not owners:
            return []
        try:
            results = await insert_leads(self._store, [entry for entry, _ in owners])
        except BaseException:
            # The server may have inserted any of them, now or in a moment: the numbers and places
            # that they have are neither free nor surely taken, and are looked up anew.
            for _, allotment in owners:
                allotment.forget()
            raise
        attachments = []
        # Backwards: a number that is given back is the next one again only if it was the last
        # that was taken. So the last goes back first, then the one before it, and no gap is left.
        for (entry, allotment), result in zip(reversed(owners), reversed(results), strict=True):
            allotment.note(entry, result)
            if result in (Result.NUMBER_TAKEN, Result.PLACE_TAKEN):
                continue
            if not _note(entry, result):
                continue
            if entry.capture.message or entry.capture.identities:
                attachments.append(_of_new_lead(entry))
            else:
                entry.outcome = _new_lead(entry)
        return attachments[::-1]

    async def _attach(self, joins: Sequence[Join], attachments: Sequence[Attachment]) -> None:
        """
        Give leads what is new to them: first names, details and pointers, then messages.

        A message comes last: it has the number of a lead, and once it is kept, a sender who brings
        it again is answered from it. A process that is killed before that leaves a lead, or names
        of one, without the message. Nobody was answered, so the sender brings it again, and the
        process that gets it finds what is there and writes what is missing.
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
        """Change existing leads. Returns the attachments whose changes are all written."""
        changes = changes_of(joins, attachments)
        failed = await change_leads(self._store, changes) if changes else {}
        return [one for one in attachments if _note(one.entry, failed.get(one.entry))]

    async def _without_new_links(self, attachments: Sequence[Attachment]) -> list[Attachment]:
        """
        The attachments whose persons got no further names by links in the meantime.

        A link may have been written by another process after this round looked for links, and
        that process may have looked for leads before this one wrote the name. So whoever has just
        written a name looks for links once more. Where there is a new one, the entry goes into
        the next round, which gives the lead the further names.
        """
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


def _new_lead(entry: Entry) -> Kept:
    return Kept(entry.document["lead_id"], KeptAs.NEW)


def _of_new_lead(entry: Entry) -> Attachment:
    return Attachment(
        entry,
        _new_lead(entry),
        adds_message=entry.capture.message is not None,
        is_named=bool(entry.capture.identities),
    )


def _note(entry: Entry, result: Result | None) -> bool:
    """Whether the write for *entry* succeeded; if not, *entry* is looked up again or refused."""
    if result is Result.UNWRITABLE:
        entry.refuse(NotKeptBecause.UNWRITABLE)
    elif result not in (Result.WRITTEN, None):
        entry.must_look, entry.is_unheard_of = True, False
    return result in (Result.WRITTEN, None)


def _refuse_where_full(
    entries: Iterable[Entry], allotments: Allotments, full_before: Container[str]
) -> None:
    """
    Refuse the entries that count, found their month full, and are not known after that.

    An entry that was looked up earlier may be a person to whom another process has just given the
    last place: it is looked up in the next round. An entry that waits for others is refused in the
    same way once all of those are refused: they made no lead that it could belong to.
    """
    for entry in entries:
        allotment = allotments.get(entry.capture.project_id)
        if allotment is None or entry.outcome or not entry.is_newcomer:
            continue
        if not (allotment.is_undecided or allotment.shelf.is_full or entry.blockers):
            continue  # as in most rounds: it has its place
        if _is_undecided(entry, allotment):
            entry.refuse(NotKeptBecause.UNDECIDED)
        if not all(map(_is_refused, entry.blockers)) or entry.outcome:
            continue
        if entry.capture.opens_lead and allotment.is_full_for(entry):
            if entry.capture.project_id in full_before and (entry.looked or entry.is_unheard_of):
                entry.refuse(NotKeptBecause.PLAN_FULL)
            entry.must_look = True


def _is_undecided(entry: Entry, allotment: Allotment) -> bool:
    """Whether nobody knows yet if it, or an entry that it waits for, will get a place."""
    undecided = NotKept(NotKeptBecause.UNDECIDED)
    return allotment.is_undecided_for(entry) or any(b.outcome == undecided for b in entry.blockers)


def _is_refused(entry: Entry) -> bool:
    return entry.outcome is not None and not isinstance(entry.outcome, Kept)
