"""
What is changed of a lead that is there: it gets names, details that it lacks, and a pointer.

Nothing is ever overwritten: each change asks for what it found missing, whoever came between.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pymongo import UpdateOne

from adapters.mongodb.entries import Entry
from adapters.mongodb.sorting import Attachment, Join
from domain.lead import to_fill

Change = tuple[Entry, UpdateOne]
"""One change of one lead, and the entry that waits for it."""


def changes_of(joins: Iterable[Join], attachments: Iterable[Attachment]) -> list[Change]:
    """All of a round, in its order; a field of a lead is given once, by the first who has it."""
    changes: list[Change] = []
    given: set[tuple[str, str]] = set()
    for join in joins:
        changes += _filling(join.entry, join.leads[0]["_id"], _details_of_later(join), given)
        changes += _joining(join)
    for one in attachments:
        changes += _naming(one)
        changes += _filling(one.entry, one.document_id, one.details, given)
    return changes


def _naming(one: Attachment) -> Iterator[Change]:
    for name in one.names:
        wanted = _lead(one.entry, one.document_id)
        yield one.entry, UpdateOne(wanted, {"$addToSet": {"names": name}})


def _filling(
    entry: Entry, document_id: str, details: Mapping[str, Any], given: set[tuple[str, str]]
) -> Iterator[Change]:
    for name, value in details.items():
        if (document_id, name) not in given:
            given.add((document_id, name))
            yield entry, _set_missing(_lead(entry, document_id), f"details.{name}", value)


def _joining(join: Join) -> Iterator[Change]:
    """The pointers always go from a later lead to an earlier one, and stay."""
    earliest, *later = join.leads
    for lead in later:
        wanted = _lead(join.entry, lead["_id"])
        yield join.entry, _set_missing(wanted, "joined_into", earliest["lead_id"])


def _details_of_later(join: Join) -> dict[str, Any]:
    earliest, *later = join.leads
    details: dict[str, Any] = dict(earliest.get("details", {}))
    lacking: dict[str, Any] = {}
    for lead in later:
        lacking |= to_fill(details | lacking, lead.get("details", {}))
    return lacking


def _lead(entry: Entry, document_id: str) -> dict[str, Any]:
    return {"project_id": entry.capture.project_id, "_id": document_id}


def _set_missing(wanted: dict[str, Any], field: str, value: object) -> UpdateOne:
    return UpdateOne(wanted | {field: {"$exists": False}}, {"$set": {field: value}})
