"""
The writes of a batch, and what their errors mean for each entry.

First the inserts (leads, links, messages), then the changes of existing leads, and last what the
server's errors mean.

Nothing is ever overwritten: names and details are added to those that are there, and a pointer is
set only where there is none, whatever another process has done meanwhile. Each write changes one
document, and may be repeated: if a process is killed, or its answer is lost, another one does the
same again.
"""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from pymongo import UpdateOne
from pymongo.errors import BulkWriteError

from adapters.mongodb.connection.collections import Collections
from adapters.mongodb.connection.errors import CANNOT_BE_STORED, DUPLICATE_KEY, duplicated_field
from adapters.mongodb.leads.documents import later_details, message_document, origin_fields
from adapters.mongodb.leads.lookup import KnownLead
from adapters.mongodb.leads.persons import link_document
from adapters.mongodb.leads.sorting import Attachment, Entry, Join
from domain.capture import Capture
from domain.errors import StorageUnavailable
from domain.json_value import JsonObject
from domain.lead import LeadDetails
from domain.leads.filling import filled, to_fill


class Result(Enum):
    """What became of one document."""

    WRITTEN = auto()
    UNKNOWN = auto()
    """It may be there now, or in a moment: it is looked up before the next try."""
    NUMBER_TAKEN = auto()
    PLACE_TAKEN = auto()
    KNOWN = auto()
    """Its `_id`, key, name or message is there already."""
    UNWRITABLE = auto()


_TAKEN = {"lead_id": Result.NUMBER_TAKEN, "place": Result.PLACE_TAKEN}


async def insert_leads(store: Collections, entries: Sequence[Entry]) -> list[Result]:
    """Insert the leads of *entries* in one write, each by itself."""
    return await _insert(store.leads, [entry.document for entry in entries])


async def insert_links(store: Collections, entries: Sequence[Entry]) -> list[Result]:
    """Remember that the names of each of *entries* are one person's."""
    return await _insert(store.links, [link_document(entry.capture) for entry in entries])


async def insert_messages(store: Collections, attachments: Sequence[Attachment]) -> list[Result]:
    """Insert the messages of *attachments*, each with the lead of its outcome."""
    documents = [message_document(one.entry.capture, one.outcome.lead_id) for one in attachments]
    return await _insert(store.messages, documents)


async def complete_messages(store: Collections, captures: Sequence[Capture]) -> None:
    """
    Give the kept messages of *captures* the text that they lack.

    Of two processes the first gives it: the update asks for a message without a text.
    """
    await store.messages.bulk_write([_completing(one) for one in captures], ordered=False)


def _completing(capture: Capture) -> UpdateOne:
    document = message_document(capture, 0)
    key = {name: document[name] for name in ("project_id", "channel", "message_id")}
    content = {name: document[name] for name in ("type", "text", "raw")}
    return UpdateOne({**key, "text": None}, {"$set": content})


Change = tuple[Entry, UpdateOne]
"""One change of one lead, and the entry that waits for it."""
_IS_MISSING = {"$exists": False}
ORIGIN = ("source", "campaign")
_LARGEST_TOUCH = 2**40


def touched() -> dict[str, Any]:
    """
    Part of every update that changes how a lead is counted; `archive.lead_sums` says what for.

    In one document with the change, so that no crash comes between them.
    """
    return {"$inc": {"touches": 1 + secrets.randbelow(_LARGEST_TOUCH)}}


def changes_of(joins: Iterable[Join], attachments: Iterable[Attachment]) -> list[Change]:
    """All changes of a round, in order; a lead takes what it lacks from the first that has it."""
    changes: list[Change] = []
    fillings = _Fillings()
    for join in joins:
        changes += _joining(join)
    for one in attachments:
        if one.lead is not None:
            changes += _naming(one, one.lead)
            changes += fillings.of(one, one.lead)
    return changes


class _Fillings:
    """What leads take in a round; what one capture gave a lead, no later one gives it again."""

    def __init__(self) -> None:
        self._filled: dict[str, _Filled] = {}

    def of(self, one: Attachment, lead: KnownLead) -> Iterator[Change]:
        """
        Add to *lead* what it lacks; only if it has no pointer, and took nothing meanwhile.

        Another process may join this lead into an earlier one at the same moment. If its pointer
        comes first, this update finds no lead without a pointer, and the entry is looked up again
        and fills the earlier lead. If this update comes first, the other process reads it: whoever
        sets a pointer looks at the lead after that, and gives the earlier one what it lacks.
        Of two processes that fill one lead the second finds that it took something, and its entry
        is looked up again. So where a lead came from is always written as all that it says has it.
        """
        together = one.entry.capture.together
        for later in one.later:
            lead_now = self._filled.get(lead["_id"]) or _Filled.of(lead)
            if taken := to_fill(lead_now.said, later, together):
                text = later_details(taken, later, together)
                times = {"$size": lead_now.times} if lead_now.times else _IS_MISSING
                unchanged = {"joined_into": _IS_MISSING, "later_details": times}
                wanted = _lead(one.entry, lead) | unchanged
                change: dict[str, Any] = {"$push": {"later_details": text}}
                after = lead_now.after(taken)
                if after.origin != lead_now.origin:
                    change |= _change_of_origin(lead_now.origin, after.origin)
                self._filled[lead["_id"]] = after
                yield one.entry, UpdateOne(wanted, change)


@dataclass(frozen=True, slots=True)
class _Filled:
    """What a lead says, how often it took something, and the origin that is written with it."""

    said: JsonObject
    times: int
    origin: Mapping[str, str]

    @classmethod
    def of(cls, lead: KnownLead) -> "_Filled":
        origin = {name: lead[name] for name in ORIGIN if name in lead}
        return cls(lead["details"], len(lead.get("later_details", ())), origin)

    def after(self, taken: JsonObject) -> "_Filled":
        said = filled(self.said, taken)
        return _Filled(said, self.times + 1, origin_fields(LeadDetails.of(said)))


def _change_of_origin(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, Any]:
    changes = {"$set": dict(after), "$unset": {name: "" for name in before if name not in after}}
    return {how: fields for how, fields in changes.items() if fields} | touched()


def _naming(one: Attachment, lead: KnownLead) -> Iterator[Change]:
    """
    Add names to *lead*, each by itself, since another lead may have one of them by now.

    The unique index refuses that one, and the entry is looked up again: then the two leads are
    one person's, and are joined. If *lead* has got a pointer meanwhile, the names may be added all
    the same: whoever finds a name follows the pointer.
    """
    for name in one.names:
        yield one.entry, UpdateOne(_lead(one.entry, lead), {"$addToSet": {"names": name}})


def _joining(join: Join) -> Iterator[Change]:
    """
    Point from each later lead to the earliest one; a pointer that is there stays.

    Two processes may join the same leads in different ways. Whose pointer comes second changes
    nothing, looks again, and joins what is then at the ends. Pointers always go from a higher
    number to a lower one, so that they never make a circle.

    What the later lead says and the earlier one lacks is given in the next round. By then nobody
    adds to the later one any more, for it has its pointer: so nothing of it is missed.
    """
    earliest, *later = join.leads
    for lead in later:
        wanted = _lead(join.entry, lead) | {"joined_into": _IS_MISSING}
        change = {"$set": {"joined_into": earliest["lead_id"]}, **touched()}
        yield join.entry, UpdateOne(wanted, change)


def _lead(entry: Entry, lead: KnownLead) -> dict[str, Any]:
    return {"project_id": entry.capture.project_id, "_id": lead["_id"]}


async def change_leads(store: Collections, changes: Sequence[Change]) -> dict[Entry, Result]:
    """
    Make *changes* in one write, each by itself. Returns what became of those that failed.

    The server says which changes met a duplicate, but not which found no lead in the state that
    they ask for: only how many found one. If that is too few, all that seem written are unknown,
    and their entries are looked up again.
    """
    updates = [update for _, update in changes]
    results = [Result.WRITTEN] * len(updates)
    try:
        matched = (await store.leads.bulk_write(updates, ordered=False)).matched_count
    except BulkWriteError as error:
        results = _results(error.details, len(updates))
        matched = error.details["nMatched"]
    if matched < sum(result is Result.WRITTEN for result in results):
        results = [Result.UNKNOWN if one is Result.WRITTEN else one for one in results]
    found = zip((entry for entry, _ in changes), results, strict=True)
    return {entry: result for entry, result in found if result is not Result.WRITTEN}


async def _insert(collection: Any, documents: list[dict[str, Any]]) -> list[Result]:
    try:
        await collection.insert_many(documents, ordered=False)
    except BulkWriteError as error:
        return _results(error.details or {}, len(documents))
    return [Result.WRITTEN] * len(documents)


def _results(details: Mapping[str, Any], count: int) -> list[Result]:
    """
    The result of each document.

    If the write concern failed, the majority may not have what this server inserted, and the
    server may roll it back. So its result is unknown until the majority is asked.
    """
    unconfirmed = bool(details.get("writeConcernErrors"))
    results = [Result.UNKNOWN if unconfirmed else Result.WRITTEN] * count
    for error in details.get("writeErrors", ()):
        results[error["index"]] = _result(error)
    return results


def _result(error: Mapping[str, Any]) -> Result:
    code = error["code"]
    if code == DUPLICATE_KEY:
        return _TAKEN.get(duplicated_field(error), Result.KNOWN)
    if code in CANNOT_BE_STORED:
        return Result.UNWRITABLE
    raise StorageUnavailable(f"mongodb: a write failed with code {code}")
