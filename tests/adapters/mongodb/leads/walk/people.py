"""Who must be one person after a walk, and whether the store says so."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.mongodb.connection.collections import Collections
from adapters.mongodb.leads.documents import names_of, origin_fields, said_by
from adapters.mongodb.leads.writing import ORIGIN
from domain.capture import Capture
from domain.json_value import JsonObject
from domain.lead import LeadDetails
from domain.leads.filling import to_fill


@dataclass(frozen=True)
class Leads:
    """The leads of a project, as they are now."""

    documents: Sequence[dict[str, Any]]

    @classmethod
    async def of(cls, store: Collections, project_id: str) -> "Leads":
        return cls(await store.leads.find({"project_id": project_id}).to_list(None))

    @property
    def numbers(self) -> list[int]:
        return [lead["lead_id"] for lead in self.documents]

    @property
    def names(self) -> list[str]:
        return [name for lead in self.documents for name in lead.get("names", ())]

    @property
    def pointers(self) -> dict[int, int]:
        found = (lead for lead in self.documents if "joined_into" in lead)
        return {lead["lead_id"]: lead["joined_into"] for lead in found}

    @property
    def details(self) -> dict[int, JsonObject]:
        return {lead["lead_id"]: said_by(lead) for lead in self.documents}

    @property
    def said(self) -> set[tuple[int, str, str]]:
        """Each thing that each lead says."""
        return {
            (number, name, str(value))
            for number, details in self.details.items()
            for name, value in _flat(details)
        }

    @property
    def counted(self) -> dict[tuple[int, int], Any]:
        """How each lead is counted, which is as it says; by how often that was changed, too."""
        found: dict[tuple[int, int], Any] = {}
        for lead in self.documents:
            origin = {name: lead[name] for name in ORIGIN if name in lead}
            assert origin == origin_fields(LeadDetails.of(said_by(lead)))
            found[lead["lead_id"], lead.get("touches", 0)] = (origin, "joined_into" in lead)
        return found

    @property
    def by_capture(self) -> dict[str, int]:
        return {lead["_id"].partition("/")[2]: lead["lead_id"] for lead in self.documents}

    def earliest(self, number: int) -> int:
        while number in self.pointers:
            number = self.pointers[number]
        return number

    def of_name(self) -> dict[str, int]:
        """The earliest lead of each name."""
        found = ((name, lead) for lead in self.documents for name in lead.get("names", ()))
        return {name: self.earliest(lead["lead_id"]) for name, lead in found}


def persons(told: Iterable[Capture]) -> list[set[str]]:
    """Names that came together in a capture, directly or through others."""
    found: list[set[str]] = []
    for capture in told:
        names = set(names_of(capture))
        touched = [person for person in found if not person.isdisjoint(names)]
        found = [person for person in found if person.isdisjoint(names)]
        found.append(names.union(*touched))
    return found


def is_alone(capture: Capture, batch: Sequence[Capture], told: Iterable[Capture]) -> bool:
    """Whether no other capture of the batch may tell more of its person."""
    found = (one for one in persons([*told, *batch]) if not one.isdisjoint(names_of(capture)))
    person = set().union(*found)
    return all(person.isdisjoint(names_of(one)) for one in batch if one is not capture)


async def check_people(store: Collections, project_id: str, told: Sequence[Capture]) -> None:
    """
    Each person of *told* has one lead or none, which is nobody else's; no message is missing.

    A person has none of whom only links came, or messages that are another's.
    """
    leads = await Leads.of(store, project_id)
    of_name = leads.of_name()
    with_names = [person for person in persons(told) if person]
    reached = [{of_name.get(name) for name in person} for person in with_names]

    assert [numbers for numbers in reached if len(numbers) != 1] == []
    numbers = [number for (number,) in reached if number is not None]
    assert len(numbers) == len(set(numbers))
    assert set(of_name) <= set().union(*with_names)
    _check_details(leads)
    await _check_messages(store, leads, project_id, told)


def _check_details(leads: Leads) -> None:
    """What a joined lead says, the earliest says as well, in its words or in others."""
    details = leads.details
    for number in leads.pointers:
        assert to_fill(details[leads.earliest(number)], details[number]) == {}


async def _check_messages(
    store: Collections, leads: Leads, project_id: str, told: Sequence[Capture]
) -> None:
    kept = await store.messages.find({"project_id": project_id}).to_list(None)
    owners = {message["message_id"]: message["lead_id"] for message in kept}
    of_name = leads.of_name()
    senders: dict[str, set[int | None]] = {}
    for capture in _with_message(told):
        assert capture.message is not None
        names = names_of(capture)
        senders.setdefault(capture.message.message_id, set()).update(map(of_name.get, names))

    assert len(owners) == len(kept)
    assert set(owners) == set(senders)
    for message_id, number in owners.items():
        assert leads.earliest(number) in senders[message_id]


def _flat(details: JsonObject) -> Iterator[tuple[str, Any]]:
    attributes = details.get("attributes", {})
    yield from ((name, value) for name, value in details.items() if name != "attributes")
    yield from ((f"attribute {name}", value) for name, value in attributes.items())


def _with_message(told: Iterable[Capture]) -> Iterator[Capture]:
    return (capture for capture in told if capture.message and capture.opens_lead)
