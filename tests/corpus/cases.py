"""
What Meta sends to a WhatsApp webhook, composed from the facts that are known about it.

A file a case, in `whatsapp/`:

    why          what is special about it
    deliveries   one, or several that make a story; they may come in any order and repeatedly
    people       who is a lead then: `identities`; what the `lead` says if the deliveries come in
                 their order (a store cuts what is too long); whether it `counts` in the plan; and
                 all `messages`, once each. `sent_at` is UTC
    strangers    identities that belong together, of people who are no leads
    held         what cannot be read, once per delivery it came in: its JSON, and whose it is
    ignored      how much is acknowledged and makes no item, when each delivery comes once

No two cases share an identity, a message id or a held item: all of them fit into one project.
A project that takes them lists no phone number id, or `NUMBER_ID`.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from domain.identity import Identity

NUMBER_ID = "106540352242922"
FOLDER = Path(__file__).parent / "whatsapp"


@dataclass(frozen=True, slots=True)
class Said:
    """One message, as it is kept."""

    message_id: str
    type: str
    text: str | None
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Person:
    """One lead; `lead` is what `LeadDetails.present()` gives."""

    identities: frozenset[Identity]
    lead: dict[str, Any]
    counts: bool
    messages: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """One item that cannot be read."""

    raw: Any
    recipient: str | None


@dataclass(frozen=True, slots=True)
class Case:
    """One story, and what it must give."""

    name: str
    why: str
    deliveries: list[dict[str, Any]]
    people: list[Person]
    ignored: int
    strangers: list[frozenset[Identity]]
    held: list[Held]

    def __str__(self) -> str:
        return self.name


def _case(path: Path) -> Case:
    content = json.loads(path.read_text("utf-8"))
    return Case(
        name=path.stem,
        why=content.pop("why"),
        deliveries=content.pop("deliveries"),
        people=[_person(**person) for person in content.pop("people")],
        ignored=content.pop("ignored"),
        strangers=[_identities(pairs) for pairs in content.pop("strangers", [])],
        held=[Held(**held) for held in content.pop("held", [])],
        **content,  # nothing: a misspelt key is no case
    )


def _person(
    identities: list[list[str]], lead: dict[str, Any], counts: bool, messages: list[dict[str, Any]]
) -> Person:
    said = tuple(
        Said(one["id"], one["type"], one["text"], _moment(one["sent_at"])) for one in messages
    )
    present = {name: value for name, value in lead.items() if value}
    return Person(_identities(identities), present, counts, said)


def _identities(pairs: list[list[str]]) -> frozenset[Identity]:
    return frozenset(Identity(kind, value) for kind, value in pairs)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


CASES = [_case(path) for path in sorted(FOLDER.glob("*.json"))]
