"""What was found of captures: their leads and messages, and whose they are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.mongodb.documents import document_id, names_of
from adapters.mongodb.links import NO_LINKS, Links
from application.ports.lead_ledger import Capture

KnownLead = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    """
    Who a capture is of.

    Attributes:
        names: The capture's, and all that are linked to them.
        new_names: Those that no lead has yet.
        leads: Those that have some, and are joined into no other; the earliest first.
        is_remembered: Whether the capture's names are known to be one person's, leads aside.
    """

    names: tuple[str, ...]
    new_names: tuple[str, ...]
    leads: tuple[KnownLead, ...]
    is_remembered: bool

    @property
    def is_told(self) -> bool:
        """Whether the capture tells nothing new of its person."""
        if self.leads:
            return len(self.leads) == 1 and not self.new_names
        return self.is_remembered


NOBODY = Person((), (), (), is_remembered=True)


@dataclass(frozen=True, slots=True)
class Known:
    """Leads by `_id`, number, idempotency key and name, the leads of messages, and links."""

    by_id: Mapping[str, KnownLead]
    by_number: Mapping[tuple[str, int | None], KnownLead]
    by_key: Mapping[tuple[str, str], KnownLead]
    by_name: Mapping[tuple[str, str], KnownLead]
    messages: Mapping[tuple[str, str, str], int]
    links: Links

    @classmethod
    def of(
        cls, leads: Iterable[KnownLead], messages: Iterable[Mapping[str, Any]], links: Links
    ) -> "Known":
        """What documents and links say."""
        leads = list(leads)
        return cls(
            {lead["_id"]: lead for lead in leads},
            {(lead["project_id"], lead["lead_id"]): lead for lead in leads},
            {(a["project_id"], a["idempotency_key"]): a for a in leads if "idempotency_key" in a},
            {(lead["project_id"], name): lead for lead in leads for name in lead.get("names", ())},
            {(m["project_id"], m["channel"], m["message_id"]): m["lead_id"] for m in messages},
            links,
        )

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

    def person(self, capture: Capture) -> Person:
        """Whose *capture* is."""
        project_id, own_names = capture.project_id, names_of(capture)
        if not own_names:
            return NOBODY
        names = self.links.with_linked(project_id, own_names)
        found = {name: self.by_name.get((project_id, name)) for name in names}
        leads = {
            number: self.by_number[project_id, number]
            for number in (self.earliest(project_id, x["lead_id"]) for x in found.values() if x)
        }
        return Person(
            names,
            tuple(name for name, lead in found.items() if lead is None),
            tuple(leads[number] for number in sorted(leads)),
            self.links.have_together(project_id, own_names),
        )

    def earliest(self, project_id: str, lead_id: int) -> int:
        """The number of the lead at the end of the pointers of *lead_id*."""
        lead = self.by_number.get((project_id, lead_id))
        while lead is not None:
            lead_id = lead["lead_id"]
            lead = self.by_number.get((project_id, lead.get("joined_into")))
        return lead_id


NOTHING_KNOWN = Known.of((), (), NO_LINKS)


def message_key(capture: Capture) -> tuple[str, str, str]:
    """What a message is kept once by."""
    assert capture.message is not None
    return capture.project_id, capture.channel, capture.message.message_id
