"""
What is changed of a lead that is there: it gets names, details that it lacks, and a pointer.

Nothing is ever overwritten: names and details are added to those that are there, and a pointer
is set where there is none, whoever came between.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from pymongo import UpdateOne

from adapters.mongodb.leads.documents import later_details
from adapters.mongodb.leads.entries import Entry
from adapters.mongodb.leads.known import KnownLead
from adapters.mongodb.leads.sorting import Attachment, Join
from domain.json_value import JsonObject
from domain.lead_filling import filled, to_fill

Change = tuple[Entry, UpdateOne]
"""One change of one lead, and the entry that waits for it."""

_IS_MISSING = {"$exists": False}


def changes_of(joins: Iterable[Join], attachments: Iterable[Attachment]) -> list[Change]:
    """All of a round, in its order; what a lead lacks is given by the first who has it."""
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
    """What leads take in a round: what one capture gave, they lack no more."""

    def __init__(self) -> None:
        self._said: dict[str, JsonObject] = {}

    def of(self, one: Attachment, lead: KnownLead) -> Iterator[Change]:
        """A lead that was joined meanwhile takes nothing, and the entry is looked up again."""
        together = one.entry.capture.together
        for later in one.later:
            said: JsonObject = self._said.get(lead["_id"]) or lead["details"]
            if taken := to_fill(said, later, together):
                self._said[lead["_id"]] = filled(said, taken)
                wanted = _lead(one.entry, lead) | {"joined_into": _IS_MISSING}
                change = {"$addToSet": {"later_details": later_details(taken, later, together)}}
                yield one.entry, UpdateOne(wanted, change)


def _naming(one: Attachment, lead: KnownLead) -> Iterator[Change]:
    for name in one.names:
        yield one.entry, UpdateOne(_lead(one.entry, lead), {"$addToSet": {"names": name}})


def _joining(join: Join) -> Iterator[Change]:
    """
    The pointers always go from a later lead to an earlier one, and stay.

    What the later says and the earlier lacks is given in the next round: nobody fills a lead
    that has a pointer, so then all is known of it.
    """
    earliest, *later = join.leads
    for lead in later:
        wanted = _lead(join.entry, lead) | {"joined_into": _IS_MISSING}
        yield join.entry, UpdateOne(wanted, {"$set": {"joined_into": earliest["lead_id"]}})


def _lead(entry: Entry, lead: KnownLead) -> dict[str, Any]:
    return {"project_id": entry.capture.project_id, "_id": lead["_id"]}
