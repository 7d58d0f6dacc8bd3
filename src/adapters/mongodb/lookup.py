"""What the store knows of captures already; read from the majority, since answers come from it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.mongodb.collections import Collections
from adapters.mongodb.documents import document_id, names_of
from application.ports.lead_ledger import Capture

_OF_LEAD = {"lead_id": 1, "project_id": 1, "idempotency_key": 1, "idempotency_fingerprint": 1,
            "names": 1}  # fmt: skip
_OF_MESSAGE = {"_id": 0, "project_id": 1, "channel": 1, "message_id": 1, "lead_id": 1}

KnownLead = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """Leads by `_id`, by idempotency key and by name, and the leads of messages."""

    by_id: Mapping[str, KnownLead]
    by_key: Mapping[tuple[str, str], KnownLead]
    by_name: Mapping[tuple[str, str], KnownLead]
    messages: Mapping[tuple[str, str, str], int]

    def own(self, capture: Capture) -> KnownLead | None:
        """The lead that this very capture made."""
        return self.by_id.get(document_id(capture))

    def of_key(self, capture: Capture) -> KnownLead | None:
        """The lead that the capture's idempotency key names."""
        key = capture.idempotency
        return self.by_key.get((capture.project_id, key.key)) if key else None

    def of_message(self, capture: Capture) -> int | None:
        """The number of the lead that the capture's message is kept with."""
        return self.messages.get(message_key(capture)) if capture.message else None

    def of_person(self, capture: Capture) -> KnownLead | None:
        """The lead of the first identity that has one."""
        names = ((capture.project_id, name) for name in names_of(capture))
        return next((self.by_name[name] for name in names if name in self.by_name), None)

    def new_names(self, capture: Capture) -> list[str]:
        """The names that no lead has yet."""
        project_id = capture.project_id
        return [name for name in names_of(capture) if (project_id, name) not in self.by_name]


NOTHING_KNOWN = Known({}, {}, {}, {})


def message_key(capture: Capture) -> tuple[str, str, str]:
    """What a message is kept once by."""
    assert capture.message is not None
    return capture.project_id, capture.channel, capture.message.message_id


async def look_up(store: Collections, captures: Sequence[Capture]) -> Known:
    """All that is known of *captures*, in two queries."""
    if not captures:
        return NOTHING_KNOWN
    leads = await _find(store.leads, _lead_clauses(captures), _OF_LEAD)
    messages = await _find(store.messages, _message_clauses(captures), _OF_MESSAGE)
    return Known(
        {lead["_id"]: lead for lead in leads},
        {(a["project_id"], a["idempotency_key"]): a for a in leads if "idempotency_key" in a},
        {(lead["project_id"], name): lead for lead in leads for name in lead.get("names", ())},
        {(m["project_id"], m["channel"], m["message_id"]): m["lead_id"] for m in messages},
    )


async def _find(collection: Any, clauses: list[Any], fields: Mapping[str, int]) -> list[Any]:
    if not clauses:
        return []
    found: list[Any] = await collection.find({"$or": clauses}, fields).to_list(None)
    return found


def _lead_clauses(captures: Iterable[Capture]) -> list[Any]:
    """By project, so that each goes to its shard and uses an index."""
    wanted: dict[tuple[str, str], list[str]] = {}
    for capture in captures:
        project_id = capture.project_id
        wanted.setdefault((project_id, "_id"), []).append(document_id(capture))
        if capture.idempotency:
            keys = wanted.setdefault((project_id, "idempotency_key"), [])
            keys.append(capture.idempotency.key)
        if names := names_of(capture):
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
