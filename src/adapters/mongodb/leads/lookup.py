"""
What the store knows of captures already; it is read from the majority.

A server may roll back what only it has. If an answer came from such a lead, it would name one that
is gone a moment later. First what is known of one person (`Person`) and of all captures (`Known`),
then the queries that find it (`look_up`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from adapters.mongodb.connection.collections import Collections
from adapters.mongodb.leads.documents import document_id, names_of, said_by
from adapters.mongodb.leads.persons import NO_LINKS, Links, find_links
from domain.capture import Capture
from domain.leads.filling import to_fill

KnownLead = Mapping[str, Any]
"""The document of a lead; its `details` are merged with all that it took later."""
MessageKey = tuple[str, str, str]
"""A project, a channel, and a message's id: under this key a message is kept only once."""
Number = tuple[str, int]
"""A project, and a lead's number in it."""


@dataclass(frozen=True, slots=True)
class Person:
    """
    The person of a capture, as far as the store knows her.

    Attributes:
        names: The capture's names, and all that are linked to them.
        new_names: Those of them that no lead has yet.
        leads: The leads that have some of them and are joined into no other; the earliest first.
        givers: Leads that are joined into these and say what these lack; the earliest first.
        is_remembered: Whether links already say that the capture's names are one person's.
    """

    names: tuple[str, ...]
    new_names: tuple[str, ...]
    leads: tuple[KnownLead, ...]
    givers: tuple[KnownLead, ...]
    is_remembered: bool

    @property
    def is_told(self) -> bool:
        """Whether the store has all the names as one person's, and no joined lead gives more."""
        if self.leads:
            return len(self.leads) == 1 and not self.new_names and not self.givers
        return self.is_remembered


NOBODY = Person((), (), (), (), is_remembered=True)


@dataclass(frozen=True, slots=True)
class Known:
    """
    Leads by `_id`, idempotency key and name, the leads of messages, and links.

    Attributes:
        ends: For each lead's number, the lead at the end of its pointers.
        joined: For the number of each lead at such an end, the leads whose pointers lead there.
        messages: The number of the lead that each message is kept with.
        without_text: The messages that are kept without a text, as a placeholder is.
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
        """Sort the documents that were found."""
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
        """The person of *capture*."""
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
    """
    For each of *leads*, which come earliest first, the lead at the end of its pointers.

    A pointer goes from a higher number to a lower one, always, so there is no circle, and the end
    of the earlier lead is known when the later one is looked at.
    """
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
    """The key under which the capture's message is kept only once."""
    assert capture.message is not None
    return capture.project_id, capture.channel, capture.message.message_id


_OF_LEAD = {"lead_id": 1, "project_id": 1, "idempotency_key": 1, "idempotency_fingerprint": 1,
            "names": 1, "joined_into": 1, "details": 1, "later_details": 1,
            "source": 1, "campaign": 1}  # fmt: skip
_OF_MESSAGE = {"_id": 0, "project_id": 1, "channel": 1, "message_id": 1, "lead_id": 1,
               "text": 1}  # fmt: skip


async def look_up(store: Collections, captures: Sequence[Capture]) -> Known:
    """
    All that is known of *captures*: three queries, and more if there are links or joined leads.

    Links come first, leads after them. Suppose that the leads came first, and were none. Another
    process could now make one of these persons a lead, look for links and find none; and a third
    could write the link that we then find, and be killed. We would say that the person has no
    lead, and nobody would give the lead the linked name. In this order it is safe: the link is
    there, and whoever makes the lead after our question finds it.
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
    """The leads that have *messages*, and all that the pointers of these and of *leads* reach."""
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
    """One clause per project and field, so that each goes to one shard and uses an index."""
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
