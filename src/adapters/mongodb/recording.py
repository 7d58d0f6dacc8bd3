"""One batch while it is being recorded, a round at a time."""

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence

from adapters.mongodb.allotment import Allotment, Allotments, fill_all
from adapters.mongodb.collections import Collections
from adapters.mongodb.documents import document_id
from adapters.mongodb.entries import Attachment, Claims, Entry, settle
from adapters.mongodb.lookup import look_up
from adapters.mongodb.numbers import Numbers
from adapters.mongodb.places import Places, Shelf
from adapters.mongodb.writing import Result, attach, insert_leads
from application.ports.lead_ledger import Batch, How, Kept, NotKept, Why


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
        newcomers, attachments = await self._sort(entries)
        allotments = await self._allot(newcomers)
        _refuse_where_full(entries, allotments, full_before)
        attachments += await self._insert(allotments.values())
        await self._attach(attachments)
        return [entry for entry in entries if entry.outcome is None]

    async def _sort(self, entries: Sequence[Entry]) -> tuple[list[Entry], list[Attachment]]:
        """Whom nobody knows, and what is to be attached to whom."""
        asked = [entry for entry in entries if entry.must_look]
        known = await look_up(self._store, [entry.capture for entry in asked])
        newcomers: list[Entry] = []
        attachments: list[Attachment] = []
        claims = Claims()
        for entry in entries:
            entry.looked = entry.must_look
            attachment = settle(entry, known)
            if entry.outcome is not None:
                continue
            entry.is_newcomer = attachment is None
            entry.blockers = claims.take(entry, known)
            if entry.blockers:
                entry.must_look = True
            elif attachment:
                attachments.append(attachment)
            elif entry.capture.opens_lead:
                newcomers.append(entry)
            else:
                entry.refuse(Why.NOBODY_KNOWN)
        return newcomers, attachments

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
            if result is Result.WRITTEN:
                attachments.append(_finish(entry))
            elif result is Result.UNWRITABLE:
                entry.refuse(Why.UNWRITABLE)
            elif result in (Result.KNOWN, Result.UNKNOWN):
                entry.must_look = True
        return [one for one in reversed(attachments) if one]

    async def _attach(self, attachments: Sequence[Attachment]) -> None:
        if not attachments:
            return
        for one, result in zip(attachments, await attach(self._store, attachments), strict=True):
            if result is Result.WRITTEN:
                one.entry.outcome = one.outcome
            elif result is Result.UNWRITABLE:
                one.entry.refuse(Why.UNWRITABLE)
            else:
                one.entry.must_look = True


def _finish(entry: Entry) -> Attachment | None:
    """The lead was written: it is kept, unless its message is still to be."""
    new = Kept(entry.document["lead_id"], How.NEW)
    if entry.capture.message:
        return Attachment(entry, document_id(entry.capture), new)
    entry.outcome = new
    return None


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
            entry.refuse(Why.UNDECIDED)
        if not all(map(_is_refused, entry.blockers)) or entry.outcome:
            continue
        if not entry.capture.opens_lead:
            if entry.blockers:
                entry.refuse(Why.NOBODY_KNOWN)
        elif allotment.is_full_for(entry):
            if entry.looked and entry in full_before:
                entry.refuse(Why.PLAN_FULL)
            entry.must_look = True


def _is_undecided(entry: Entry, allotment: Allotment) -> bool:
    """Whether it may have a place, or somebody may whom it waits for."""
    undecided = NotKept(Why.UNDECIDED)
    return allotment.is_undecided_for(entry) or any(b.outcome == undecided for b in entry.blockers)


def _is_refused(entry: Entry) -> bool:
    return entry.outcome is not None and not isinstance(entry.outcome, Kept)
