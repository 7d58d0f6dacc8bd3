"""
Decides what to do for each entry of a round, from what the store knows of it.

Nothing is written here. First an entry and what it may collide with (`Claims`), then the kinds of
work (`Attachment`, `Join`, `Work`), and last `sort`, which decides.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from adapters.mongodb.leads.documents import document_id
from adapters.mongodb.leads.lookup import Known, KnownLead, Person, message_key
from domain.capture import Capture, Kept, KeptAs, NotKept, NotKeptBecause, Outcome
from domain.json_value import JsonObject
from domain.leads.filling import to_fill


@dataclass(slots=True, eq=False)
class Entry:
    """
    One capture of the batch.

    Attributes:
        document: That of its lead; the number and the place are put in before each try.
        must_look: Whether to look it up in the store before it is written. A capture without
            identity and message is written at once: if it is a duplicate, the index refuses it.
        is_unheard_of: Whether nothing of it can be in the store: it was never tried, and has
            neither a key nor a person nor a message.
        looked: Whether it was looked up in this round.
        is_newcomer: Whether this round found nothing of it in the store.
        names: All names of its person in this round: its own, and those linked to them.
        blockers: The earlier entries of this round that it waits for.
    """

    capture: Capture
    document: dict[str, Any]
    must_look: bool
    is_unheard_of: bool = False
    looked: bool = False
    is_newcomer: bool = True
    names: tuple[str, ...] = ()
    blockers: "list[Entry]" = field(default_factory=list)
    outcome: Outcome | None = None

    @classmethod
    def of(cls, capture: Capture, document: dict[str, Any]) -> "Entry":
        """A capture that was not tried yet."""
        may_be_known = bool(capture.identities or capture.message or not capture.opens_lead)
        return cls(capture, document, may_be_known, capture.is_unheard_of)

    def refuse(self, why: NotKeptBecause) -> None:
        """Decide that it is not kept."""
        self.outcome = NotKept(why)

    def wait_for(self, blockers: "list[Entry]") -> None:
        """Try it in the next round, when what *blockers* wrote can be found; with none, go on."""
        self.blockers = blockers
        self.must_look = bool(blockers) or self.must_look


class Claims:
    """
    What the earlier entries of a round may be about to write.

    A delivery may bring three messages of one new person. All three look her up in the same
    query, find nothing, and would be three leads, of which the index refuses two. So an entry
    claims what it is about to write: its `_id`, its key, its message, its new names, the leads
    that it joins. A later entry that needs one of these waits for the next round, in which it is
    found in the store or not. Entries that only add to one lead claim nothing of each other's.
    """

    def __init__(self) -> None:
        self._latest: dict[Any, Entry] = {}

    def take(self, entry: Entry, person: Person, outcome: Kept | None) -> list[Entry]:
        """Claim what *entry* may write. Returns the entries that it must wait for."""
        claims = list(_claims(entry.capture, person))
        blockers = self._of(claims)
        if outcome:
            blockers += self.joining(entry, person, outcome)
        self._latest |= dict.fromkeys(claims, entry)
        return blockers

    def withdraw(self, entry: Entry, person: Person) -> None:
        """Give up the claims of *entry*, which writes nothing in this round."""
        for claim in _claims(entry.capture, person):
            del self._latest[claim]

    def joining(self, entry: Entry, person: Person, outcome: Kept) -> list[Entry]:
        """The earlier entries that are about to join the leads of *entry* into others."""
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


@dataclass(frozen=True, slots=True)
class Attachment:
    """
    What to add to leads; once all of it is written, *entry* has this *outcome*.

    Attributes:
        lead: The lead that gets *names*, then takes from *later* what it lacks.
        adds_message: Whether to keep the message of *entry* with the outcome's lead.
        completes_message: Whether the message was kept without its text, and gets it now.
        is_named: Whether a lead has just got names, or gets some now: then links are looked up
            again.
    """

    entry: Entry
    outcome: Kept
    lead: KnownLead | None = None
    names: tuple[str, ...] = ()
    later: tuple[JsonObject, ...] = ()
    adds_message: bool = False
    completes_message: bool = False
    is_named: bool = False


@dataclass(frozen=True, slots=True)
class Join:
    """Leads of one person, as *entry* shows; the earliest first."""

    entry: Entry
    leads: tuple[KnownLead, ...]


@dataclass(slots=True)
class Work:
    """
    What a round does.

    Attributes:
        newcomers: Entries of which nothing is known; each becomes a lead.
        links: Entries that make no lead and whose names no lead has; their names are remembered as
            one person's.
    """

    newcomers: list[Entry] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    joins: list[Join] = field(default_factory=list)
    links: list[Entry] = field(default_factory=list)

    def of_other_projects(self) -> "Work":
        """The work of projects that have no links to write in this round."""
        waiting = {entry.capture.project_id for entry in self.links}
        return Work(
            [entry for entry in self.newcomers if entry.capture.project_id not in waiting],
            [one for one in self.attachments if one.entry.capture.project_id not in waiting],
            [one for one in self.joins if one.entry.capture.project_id not in waiting],
        )


def sort(entries: Iterable[Entry], known: Known) -> Work:
    """
    Give each of *entries* its outcome where nothing is left to do, or say what to do for it.

    An entry that joins leads, or links names, does that alone and gets no outcome in this round.
    Another process may have changed the same leads meanwhile. So the entry is looked up again in
    the next round, until the store shows that nothing is left to do.
    """
    work = Work()
    claims = Claims()
    for entry in entries:
        entry.looked = entry.must_look
        if entry.is_unheard_of:  # nothing is known of it, and nobody waits for what it claims
            work.newcomers.append(entry)
            continue
        person = known.person(entry.capture)
        outcome = _outcome(entry.capture, known, person)
        entry.is_newcomer = outcome is None
        entry.names = person.names
        if isinstance(outcome, NotKept):
            entry.outcome = outcome
        elif outcome and _is_done(entry.capture, known, person, outcome):
            entry.wait_for(claims.joining(entry, person, outcome))
            entry.outcome = None if entry.blockers else outcome
        else:
            blockers = claims.take(entry, person, outcome)
            entry.wait_for([] if _is_one_more_link(work, entry, person, blockers) else blockers)
            if not entry.blockers:
                _assign(work, entry, known, person, outcome)
            if entry.outcome is not None:
                claims.withdraw(entry, person)
    return work


def _outcome(capture: Capture, known: Known, person: Person) -> Outcome | None:
    """
    The outcome that it has once everything that is missing is written; None for a new lead.

    What proves most comes first: the lead that this very capture made, then the lead of its
    idempotency key, then the lead that its message is kept with, then its person's.
    """
    project_id = capture.project_id
    if own := known.own(capture):
        return Kept(known.earliest(project_id, own["lead_id"]), KeptAs.NEW)
    if by_key := known.of_key(capture):
        assert capture.idempotency is not None
        same = capture.idempotency.was_used_for(by_key["idempotency_fingerprint"])
        replayed = Kept(known.earliest(project_id, by_key["lead_id"]), KeptAs.REPLAYED)
        return replayed if same else NotKept(NotKeptBecause.KEY_REUSED)
    if (number := known.of_message(capture)) is not None:
        return Kept(known.earliest(project_id, number), KeptAs.KNOWN_MESSAGE)
    return Kept(person.leads[0]["lead_id"], KeptAs.KNOWN_PERSON) if person.leads else None


def _is_done(capture: Capture, known: Known, person: Person, outcome: Kept) -> bool:
    """Whether everything is written already, by this or an earlier delivery of the same thing."""
    if outcome.kept_as is KeptAs.KNOWN_PERSON or _adds_message(capture, known, outcome):
        return False
    return person.is_told and not _says_more(capture, known, person)


def _says_more(capture: Capture, known: Known, person: Person) -> bool:
    """Whether its message was kept before, and says more now than the message or the lead has."""
    if not _is_of_its_own(capture, known, person):
        return False
    said = person.leads[0]["details"]
    gives = to_fill(said, capture.details.present(), capture.together)
    return bool(gives) or known.lacks_text(capture)


def _is_of_its_own(capture: Capture, known: Known, person: Person) -> bool:
    """Whether the capture's message is kept with the lead of its person."""
    number = known.of_message(capture)
    if number is None or not person.leads:
        return False
    return known.earliest(capture.project_id, number) == int(person.leads[0]["lead_id"])


def _adds_message(capture: Capture, known: Known, outcome: Kept) -> bool:
    adds = outcome.kept_as in (KeptAs.NEW, KeptAs.KNOWN_PERSON)
    return adds and capture.message is not None and known.of_message(capture) is None


def _is_one_more_link(work: Work, entry: Entry, person: Person, blockers: list[Entry]) -> bool:
    """Whether *entry* is a link and waits only for links, which may be written in any order."""
    is_link = not (entry.capture.opens_lead or person.leads or person.is_remembered)
    return is_link and entry.is_newcomer and all(map(work.links.__contains__, blockers))


def _assign(work: Work, entry: Entry, known: Known, person: Person, outcome: Kept | None) -> None:
    if len(person.leads) > 1:
        work.joins.append(Join(entry, person.leads))
    elif outcome and (person.leads or person.is_remembered):
        work.attachments.append(_attachment(entry, known, person, outcome))
    elif not outcome and entry.capture.opens_lead:
        if person.names:
            entry.document["names"] = list(person.names)
        work.newcomers.append(entry)
    elif not person.is_remembered:
        work.links.append(entry)
    else:
        entry.refuse(NotKeptBecause.NOBODY_KNOWN)


def _attachment(entry: Entry, known: Known, person: Person, outcome: Kept) -> Attachment:
    capture = entry.capture
    adds_message = _adds_message(capture, known, outcome)
    if not person.leads:
        return Attachment(entry, outcome, adds_message=adds_message)
    names = person.new_names
    later = [lead["details"] for lead in person.givers]
    says_more = outcome.kept_as is KeptAs.KNOWN_MESSAGE and _is_of_its_own(capture, known, person)
    if says_more or outcome.kept_as is KeptAs.KNOWN_PERSON:
        later.append(capture.details.present())
    return Attachment(
        entry,
        outcome,
        person.leads[0],
        names,
        tuple(later),
        adds_message,
        completes_message=says_more and known.lacks_text(capture),
        is_named=bool(names),
    )
