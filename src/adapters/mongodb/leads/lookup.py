"""What the store knows of captures already; read from the majority, since answers come from it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from adapters.mongodb.connection.collections import Collections
from adapters.mongodb.leads.documents import document_id, names_of, said_by
from adapters.mongodb.leads.known import NOTHING_KNOWN, Known, KnownLead, Number
from adapters.mongodb.leads.links import NO_LINKS, Links, find_links
from application.ports.lead_ledger import Capture

_OF_LEAD = {"lead_id": 1, "project_id": 1, "idempotency_key": 1, "idempotency_fingerprint": 1,
            "names": 1, "joined_into": 1, "details": 1, "later_details": 1}  # fmt: skip
_OF_MESSAGE = {"_id": 0, "project_id": 1, "channel": 1, "message_id": 1, "lead_id": 1,
               "text": 1}  # fmt: skip


async def look_up(store: Collections, captures: Sequence[Capture]) -> Known:
    """
    All that is known of *captures*, in three queries; more where links or joined leads are met.

    Links come first: who finds one and finds no lead after that may say that nobody is known.
    """
    if not captures:
        return NOTHING_KNOWN
    named = {(c.project_id, n) for c in captures if c.identities for n in names_of(c)}
    links = await find_links(store, named) if named else NO_LINKS
    leads = await _find_leads(store, _lead_clauses(captures, links))
    messages = await _find(store.messages, _message_clauses(captures), _OF_MESSAGE)
    leads += await _pointed_to(store, leads, messages)
    return Known.of(leads, messages, links)


async def _find(collection: Any, clauses: list[Any], fields: Mapping[str, int]) -> list[Any]:
    if not clauses:
        return []
    found: list[Any] = await collection.find({"$or": clauses}, fields).to_list(None)
    return found


async def _find_leads(store: Collections, clauses: list[Any]) -> list[KnownLead]:
    found = await _find(store.leads, clauses, _OF_LEAD)
    return [lead | {"details": said_by(lead)} for lead in found]


async def _pointed_to(
    store: Collections, leads: Iterable[KnownLead], messages: Iterable[Mapping[str, Any]]
) -> list[KnownLead]:
    """What *leads* are joined into, to the end, and what *messages* are kept with."""
    numbers = {(lead["project_id"], lead["lead_id"]) for lead in leads}
    wanted = {(m["project_id"], m["lead_id"]) for m in messages} | _pointers(leads)
    more: list[KnownLead] = []
    while wanted := wanted - numbers:
        found = await _find_leads(store, _number_clauses(wanted))
        numbers |= wanted
        wanted = _pointers(found)
        more += found
    return more


def _pointers(leads: Iterable[KnownLead]) -> set[Number]:
    return {(lead["project_id"], lead["joined_into"]) for lead in leads if "joined_into" in lead}


def _number_clauses(numbers: Iterable[Number]) -> list[Any]:
    wanted: dict[str, list[int]] = {}
    for project_id, number in numbers:
        wanted.setdefault(project_id, []).append(number)
    return [{"project_id": p, "lead_id": {"$in": values}} for p, values in wanted.items()]


def _lead_clauses(captures: Iterable[Capture], links: Links) -> list[Any]:
    """By project, so that each goes to its shard and uses an index."""
    wanted: dict[tuple[str, str], list[str]] = {}
    for capture in captures:
        project_id = capture.project_id
        wanted.setdefault((project_id, "_id"), []).append(document_id(capture))
        if capture.idempotency:
            keys = wanted.setdefault((project_id, "idempotency_key"), [])
            keys.append(capture.idempotency.key)
        if names := links.with_linked(project_id, names_of(capture)):
            wanted.setdefault((project_id, "names"), []).extend(names)
    return [
        {"project_id": project_id, field: {"$in": values}}
        for (project_id, field), values in wanted.items()
    ]


def _message_clauses(captures: Iterable[Capture]) -> list[Any]:
    wanted: dict[tuple[str, str], list[str]] = {}
    for capture in captures:
        if capture.message:
            ids = wanted.setdefault((capture.project_id, capture.channel), [])
            ids.append(capture.message.message_id)
    return [
        {"project_id": project_id, "channel": channel, "message_id": {"$in": ids}}
        for (project_id, channel), ids in wanted.items()
    ]
