"""The captures of a batch on their way to an outcome."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from adapters.mongodb.documents import document_id
from adapters.mongodb.lookup import Known, message_key
from application.ports.lead_ledger import Capture, How, Kept, NotKept, Outcome, Why


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
        blockers: The earlier entries of this round that it waits for.
    """

    capture: Capture
    document: dict[str, Any]
    must_look: bool
    looked: bool = False
    is_newcomer: bool = True
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


@dataclass(frozen=True, slots=True)
class Attachment:
    """What is to be added to a lead: names, and the message of *entry*; then *outcome* is true."""

    entry: Entry
    document_id: str
    outcome: Kept
    names: tuple[str, ...] = ()


class Claims:
    """
    What the earlier entries of a round may be about to make known.

    An entry that shares such a thing with an earlier one waits for the next round, in which
    it is found to be known, or not.
    """

    def __init__(self) -> None:
        self._latest: dict[Any, Entry] = {}

    def take(self, entry: Entry, known: Known) -> list[Entry]:
        """Claim all that *entry* may make known; the latest entries that claimed some of it."""
        claims = list(_claims(entry.capture, known))
        blockers = [self._latest[claim] for claim in claims if claim in self._latest]
        self._latest |= dict.fromkeys(claims, entry)
        return blockers


def _claims(capture: Capture, known: Known) -> Iterable[Any]:
    yield document_id(capture)
    if capture.idempotency:
        yield capture.project_id, "key", capture.idempotency.key
    if capture.message:
        yield message_key(capture)
    for name in known.new_names(capture):
        yield capture.project_id, "name", name


def settle(entry: Entry, known: Known) -> Attachment | None:
    """
    Give *entry* its outcome where it is known, or say what is still to be attached for it.

    Neither means that nobody knows it.
    """
    capture = entry.capture
    lead_of_message = known.of_message(capture)
    if own := known.own(capture):
        new = Kept(own["lead_id"], How.NEW)
        if capture.message and lead_of_message is None:
            return Attachment(entry, own["_id"], new)
        entry.outcome = new
    elif by_key := known.of_key(capture):
        assert capture.idempotency is not None
        same = by_key["idempotency_fingerprint"] == capture.idempotency.fingerprint
        replayed = Kept(by_key["lead_id"], How.REPLAYED)
        entry.outcome = replayed if same else NotKept(Why.KEY_REUSED)
    elif lead_of_message is not None:
        entry.outcome = Kept(lead_of_message, How.KNOWN_MESSAGE)
    elif person := known.of_person(capture):
        outcome = Kept(person["lead_id"], How.KNOWN_PERSON)
        return Attachment(entry, person["_id"], outcome, tuple(known.new_names(capture)))
    return None
