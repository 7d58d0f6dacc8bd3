"""What was found of captures: their leads and messages, and whose they are."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from adapters.mongodb.leads.documents import document_id, names_of
from adapters.mongodb.leads.links import NO_LINKS, Links
from application.ports.lead_ledger import Capture
from domain.lead_filling import to_fill

KnownLead = Mapping[str, Any]
"""Its document; `details` is all that it says."""
MessageKey = tuple[str, str, str]
"""What a message is kept once by: a project, a channel, its id."""
Number = tuple[str, int]
"""A project, and a lead's number in it."""


@dataclass(frozen=True, slots=True)
class Person:
    """
    Who a capture is of.

    Attributes:
        names: The capture's, and all that are linked to them.
        new_names: Those that no lead has yet.
        leads: Those that have some, and are joined into no other; the earliest first.
        givers: Leads that are joined into these and say what they lack; the earliest first.
        is_remembered: Whether the capture's names are known to be one person's, leads aside.
    """

    names: tuple[str, ...]
    new_names: tuple[str, ...]
    leads: tuple[KnownLead, ...]
    givers: tuple[KnownLead, ...]
    is_remembered: bool

    @property
    def is_told(self) -> bool:
        """Whether the capture tells nothing new of its person."""
        if self.leads:
            return len(self.leads) == 1 and not self.new_names and not self.givers
        return self.is_remembered


NOBODY = Person((), (), (), (), is_remembered=True)


@dataclass(frozen=True, slots=True)
class Known:
    """
    Leads by `_id`, idempotency key and name, the leads of messages, and links.

    Attributes:
        ends: By number, the lead at the end of the pointers.
        joined: By number, the other leads that end there.
    """

    by_id: Mapping[str, KnownLead]
    ends: Mapping[Number, KnownLead]
    joined: Mapping[Number, Sequence[KnownLead]]
    by_key: Mapping[tuple[str, str], KnownLead]
    by_name: Mapping[tuple[str, str], KnownLead]
    messages: Mapping[MessageKey, int]
    without_text: AbstractSet[MessageKey]
    links: Links

    @classmethod
    def of(
        cls, leads: Iterable[KnownLead], messages: Sequence[Mapping[str, Any]], links: Links
    ) -> "Known":
        """What documents and links say."""
        leads = sorted(leads, key=lambda lead: lead["lead_id"])
        ends = _ends(leads)
        return cls(
            {lead["_id"]: lead for lead in leads},
            ends,
            _joined(leads, ends),
            {(a["project_id"], a["idempotency_key"]): a for a in leads if "idempotency_key" in a},
            {(lead["project_id"], name): lead for lead in leads for name in lead.get("names", ())},
            {_key(message): message["lead_id"] for message in messages},
            {_key(message) for message in messages if message["text"] is None},
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
        ends = (self.ends[_number(lead)] for lead in found.values() if lead)
        leads = {end["lead_id"]: end for end in ends}
        numbers = sorted(leads)
        return Person(
            names,
            tuple(name for name, lead in found.items() if lead is None),
            tuple(leads[number] for number in numbers),
            tuple(one for n in numbers for one in self._givers(leads[n], capture)),
            self.links.have_together(project_id, own_names),
        )

    def lacks_text(self, capture: Capture) -> bool:
        """Whether the capture's message is kept without the text that it has now."""
        message = capture.message
        has_text = message is not None and message.text is not None
        return has_text and message_key(capture) in self.without_text

    def _givers(self, end: KnownLead, capture: Capture) -> Iterator[KnownLead]:
        for lead in self.joined.get(_number(end), ()):
            if to_fill(end["details"], lead["details"], capture.together):
                yield lead

    def earliest(self, project_id: str, lead_id: int) -> int:
        """The number of the lead at the end of the pointers of *lead_id*."""
        end = self.ends.get((project_id, lead_id))
        return lead_id if end is None else int(end["lead_id"])


def _key(message: Mapping[str, Any]) -> MessageKey:
    return message["project_id"], message["channel"], message["message_id"]


def _number(lead: KnownLead) -> Number:
    return lead["project_id"], lead["lead_id"]


def _ends(leads: Iterable[KnownLead]) -> dict[Number, KnownLead]:
    """Of *leads*, the earliest first: pointers go from later leads to earlier ones."""
    ends: dict[Number, KnownLead] = {}
    for lead in leads:
        earlier = (lead["project_id"], lead.get("joined_into", lead["lead_id"]))
        ends[_number(lead)] = ends.get(earlier, lead)
    return ends


def _joined(
    leads: Iterable[KnownLead], ends: Mapping[Number, KnownLead]
) -> dict[Number, list[KnownLead]]:
    joined: dict[Number, list[KnownLead]] = defaultdict(list)
    for lead in leads:
        end = ends[_number(lead)]
        if lead is not end:
            joined[_number(end)].append(lead)
    return joined


NOTHING_KNOWN = Known.of((), (), NO_LINKS)


def message_key(capture: Capture) -> MessageKey:
    """What the capture's message is kept once by."""
    assert capture.message is not None
    return capture.project_id, capture.channel, capture.message.message_id
