"""
Which identities and which leads are one person's; asked while the write lock is held.

An identity belongs to a lead (`identities`), or is linked to others as long as none of them has
one (`links`). Nobody else writes meanwhile, so what is found here is true until the commit.
"""

from dataclasses import dataclass
from typing import Any

import orjson

from adapters.sqlite.leads.transaction import Transaction
from domain.capture import MOST_LINKED, Capture
from domain.identity import Identity
from domain.json_value import JsonObject
from domain.lead import LeadDetails
from domain.leads.filling import filled, to_fill
from domain.leads.origin import origin_of

_FIND_LINKS = f"""
SELECT other_kind, other_value FROM links
WHERE project_id = ? AND channel = ? AND kind = ? AND value = ? LIMIT {MOST_LINKED}
"""
_INSERT_LINK = "INSERT OR IGNORE INTO links VALUES (?, ?, ?, ?, ?, ?)"
_FIND_IDENTITY = """
SELECT lead_id FROM identities WHERE project_id = ? AND channel = ? AND kind = ? AND value = ?
"""
_INSERT_IDENTITY = """
INSERT OR IGNORE INTO identities (project_id, channel, kind, value, lead_id) VALUES (?, ?, ?, ?, ?)
"""
_FIND_POINTER = "SELECT joined_into FROM leads WHERE project_id = ? AND lead_id = ?"
_SET_POINTER = """
UPDATE leads SET joined_into = ? WHERE project_id = ? AND lead_id = ? AND joined_into IS NULL
"""
_FIND_DETAILS = "SELECT details FROM leads WHERE project_id = ? AND lead_id = ?"
_SET_DETAILS = """
UPDATE leads SET details = ?, source = ?, campaign = ? WHERE project_id = ? AND lead_id = ?
"""


@dataclass(frozen=True, slots=True)
class Person:
    """
    The person of a capture, as far as the store knows her.

    Attributes:
        own: The capture's identities.
        identities: These, and all that were ever linked to them, unless they are too many.
        together: As in the capture.
        leads: The leads that have some of them and are joined into no other; the earliest first.
    """

    project_id: str
    channel: str
    own: tuple[Identity, ...]
    identities: tuple[Identity, ...]
    together: tuple[frozenset[str], ...]
    leads: tuple[int, ...]


class Persons:
    """The persons of a batch, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._of_too_many: set[tuple[str, ...]] = set()  # they never get fewer
        self._said: dict[tuple[str, int], JsonObject] = {}  # nobody else writes meanwhile

    def of(self, capture: Capture) -> Person:
        """The person of *capture*."""
        project_id, channel = capture.project_id, capture.channel
        identities = self._with_links(project_id, channel, capture.identities)
        found = (self._find(_FIND_IDENTITY, project_id, channel, *_row(i)) for i in identities)
        leads = {self.earliest(project_id, row[0]) for row in found if row}
        return Person(
            project_id,
            channel,
            capture.identities,
            identities,
            capture.together,
            tuple(sorted(leads)),
        )

    def earliest(self, project_id: str, lead_id: int) -> int:
        """The lead at the end of the pointers of *lead_id*."""
        while row := self._find(_FIND_POINTER, project_id, lead_id):
            if row[0] is None:
                break
            lead_id = row[0]
        return lead_id

    def remember(self, person: Person) -> None:
        """
        Remember that the identities of *person* are one person's.

        If they have leads, the later ones are joined into the earliest, which takes what it lacks
        and gets the identities that no lead has; if they have none, the identities are linked.
        """
        if not person.leads:
            self._link(person)
            return
        earliest, *later = person.leads
        for lead_id in later:
            self._transaction.execute(_SET_POINTER, (earliest, person.project_id, lead_id))
            self.fill(person, earliest, self._details(person.project_id, lead_id))
        self.name(person, earliest)

    def name(self, person: Person, lead_id: int) -> None:
        """Give the lead the identities of *person* that none has."""
        for identity in person.identities:
            row = (person.project_id, person.channel, *_row(identity), lead_id)
            self._transaction.execute(_INSERT_IDENTITY, row)

    def fill(self, person: Person, lead_id: int, later: JsonObject) -> None:
        """Let the lead take what it does not say from details of *person* that came later."""
        project_id = person.project_id
        known = self._details(project_id, lead_id)
        if taken := to_fill(known, later, person.together):
            details = filled(known, taken)
            self._said[project_id, lead_id] = details
            origin = origin_of(LeadDetails.of(details))
            said = orjson.dumps(details).decode()
            row = (said, origin.source, origin.campaign, project_id, lead_id)
            self._transaction.execute(_SET_DETAILS, row)

    def _with_links(
        self, project_id: str, channel: str, identities: tuple[Identity, ...]
    ) -> tuple[Identity, ...]:
        found = dict.fromkeys(identities)
        for identity in identities:
            found |= self._group(project_id, channel, identity)
        return tuple(found)

    def _group(self, project_id: str, channel: str, identity: Identity) -> dict[Identity, None]:
        """All that are linked to *identity*; none if, with it, they are more than `MOST_LINKED`."""
        found = {identity: None}
        new = [identity]
        while new:
            row = (project_id, channel, *_row(new.pop()))
            linked = [Identity(*other) for other in self._transaction.execute(_FIND_LINKS, row)]
            new += [other for other in linked if other not in found]
            found |= dict.fromkeys(linked)
            if len(found) > MOST_LINKED or row in self._of_too_many:
                self._of_too_many |= {(project_id, channel, *_row(one)) for one in found}
                return {}
        return found

    def _link(self, person: Person) -> None:
        """Link the capture's first identity to each other of its own, both ways, once."""
        for other in person.own[1:]:
            for one, two in ((person.own[0], other), (other, person.own[0])):
                row = (person.project_id, person.channel, *_row(one), *_row(two))
                self._transaction.execute(_INSERT_LINK, row)

    def _details(self, project_id: str, lead_id: int) -> JsonObject:
        said = self._said.get((project_id, lead_id))
        if said is None:
            said = orjson.loads(self._find(_FIND_DETAILS, project_id, lead_id)[0])
            self._said[project_id, lead_id] = said
        return said

    def _find(self, query: str, *values: object) -> Any:
        return self._transaction.execute(query, values).fetchone()


def _row(identity: Identity) -> tuple[str, str]:
    return identity.kind, identity.value
