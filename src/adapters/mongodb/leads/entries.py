"""The captures of a batch on their way to an outcome."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from adapters.mongodb.leads.documents import document_id
from adapters.mongodb.leads.known import Person, message_key
from application.ports.lead_ledger import Capture, Kept, NotKept, Outcome, Why


@dataclass(slots=True, eq=False)
class Entry:
    """
    One capture of the batch.

    Attributes:
        document: Its lead's; the number and the place are put in before each try.
        must_look: Whether it may be known: then the store is asked before it is written.
            What comes without identity and key is new, unless a write said otherwise.
        looked: Whether the store was asked in this round.
        is_newcomer: Whether nobody knew it in this round.
        names: All names that its person had in this round.
        blockers: The earlier entries of this round that it waits for.
    """

    capture: Capture
    document: dict[str, Any]
    must_look: bool
    looked: bool = False
    is_newcomer: bool = True
    names: tuple[str, ...] = ()
    blockers: "list[Entry]" = field(default_factory=list)
    outcome: Outcome | None = None

    @classmethod
    def of(cls, capture: Capture, document: dict[str, Any]) -> "Entry":
        """A capture that was not tried yet."""
        may_be_known = bool(capture.identities or capture.message or not capture.opens_lead)
        return cls(capture, document, may_be_known)

    def refuse(self, why: Why) -> None:
        """It is not kept."""
        self.outcome = NotKept(why)

    def wait_for(self, blockers: "list[Entry]") -> None:
        """Try it in the next round, with what *blockers* made known."""
        self.blockers = blockers
        self.must_look = bool(blockers) or self.must_look


class Claims:
    """
    What the earlier entries of a round may be about to make known, or to join.

    An entry that shares such a thing with an earlier one waits for the next round, in which
    it is found to be known, or not. Entries that only add to one lead share nothing.
    """

    def __init__(self) -> None:
        self._latest: dict[Any, Entry] = {}

    def take(self, entry: Entry, person: Person, outcome: Kept | None) -> list[Entry]:
        """Claim all that *entry* may change; the latest entries that claimed some, or its lead."""
        claims = list(_claims(entry.capture, person))
        blockers = self._of(claims)
        if outcome:
            blockers += self.joining(entry, person, outcome)
        self._latest |= dict.fromkeys(claims, entry)
        return blockers

    def withdraw(self, entry: Entry, person: Person) -> None:
        """Nothing comes of *entry*, which nobody was in the way of."""
        for claim in _claims(entry.capture, person):
            del self._latest[claim]

    def joining(self, entry: Entry, person: Person, outcome: Kept) -> list[Entry]:
        """The latest entries that are about to join the leads of *entry* into others."""
        numbers = [outcome.lead_id, *(lead["lead_id"] for lead in person.leads)]
        return self._of((entry.capture.project_id, "lead", number) for number in numbers)

    def _of(self, claims: Iterable[Any]) -> list[Entry]:
        return [self._latest[claim] for claim in claims if claim in self._latest]


def _claims(capture: Capture, person: Person) -> Iterable[Any]:
    yield document_id(capture)
    if capture.idempotency:
        yield capture.project_id, "key", capture.idempotency.key
    if capture.message:
        yield message_key(capture)
    for name in person.new_names:
        yield capture.project_id, "name", name
    if len(person.leads) > 1:
        for lead in person.leads:
            yield capture.project_id, "lead", lead["lead_id"]
