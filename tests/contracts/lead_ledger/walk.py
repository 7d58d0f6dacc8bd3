"""A random walk of two writers over one store, against a model of a few lines."""

import random
from dataclasses import dataclass

import pytest

from application.ports.lead_archive import LeadArchive
from application.ports.lead_ledger import LeadLedger
from domain.capture import Capture, KeptAs, NotKeptBecause
from domain.identity import Identity
from domain.plan import Month
from domain.project import Project
from tests.contracts.lead_ledger.idempotency import ONE_LEAD, OTHER_LEAD, a_keyed_capture
from tests.contracts.people import a_link, a_written_message
from tests.contracts.recording import NOVEMBER, PLAN_FULL, hows, leads_of, record
from tests.support.builders import a_capture, a_phone
from tests.support.repetitions import times

STEPS = 60
KINDS = ("plain", "plain", "uncounted", "keyed", "person", "person", "link", "again")


@dataclass
class Somebody:
    """Identities that came together, and how many leads were opened for them."""

    identities: set[Identity]
    leads: int = 0


class Model:
    """What a ledger must answer, by counting: the one thing that a ledger must not do."""

    def __init__(self) -> None:
        self.nobodys_leads = 0
        self.places: dict[Month, int] = {}
        self.captures: set[str] = set()
        self.keys: dict[str, bytes] = {}
        self.messages: set[str] = set()
        self.persons: list[Somebody] = []

    @property
    def people(self) -> int:
        """Leads that are joined into no other."""
        return self.nobodys_leads + sum(person.leads > 0 for person in self.persons)

    def record(
        self, capture: Capture, month: Month, *, is_refused: bool
    ) -> KeptAs | NotKeptBecause:
        """Whom the last places of a batch are given to, the ledger says."""
        known = self._known(capture)
        if known is NotKeptBecause.KEY_REUSED:
            return known
        if known is None and capture.opens_lead:
            if capture.counts and is_refused:
                return NotKeptBecause.PLAN_FULL
            self.places[month] = self.places.get(month, 0) + capture.counts
            self._open(capture)
            return KeptAs.NEW
        self._tell(capture)
        if known is KeptAs.KNOWN_PERSON and capture.message:
            self.messages.add(capture.message.message_id)
        return known or NotKeptBecause.NOBODY_KNOWN

    def _known(self, capture: Capture) -> KeptAs | NotKeptBecause | None:
        if capture.capture_id in self.captures:
            return KeptAs.NEW
        if (key := capture.idempotency) and key.key in self.keys:
            return (
                KeptAs.REPLAYED
                if self.keys[key.key] == key.fingerprint
                else NotKeptBecause.KEY_REUSED
            )
        if capture.message and capture.message.message_id in self.messages:
            return KeptAs.KNOWN_MESSAGE
        if any(p.leads and not p.identities.isdisjoint(capture.identities) for p in self.persons):
            return KeptAs.KNOWN_PERSON
        return None

    def _open(self, capture: Capture) -> None:
        self.captures.add(capture.capture_id)
        if capture.idempotency:
            self.keys[capture.idempotency.key] = capture.idempotency.fingerprint
        if capture.message:
            self.messages.add(capture.message.message_id)
        if capture.identities:
            self._tell(capture).leads += 1
        else:
            self.nobodys_leads += 1

    def _tell(self, capture: Capture) -> Somebody:
        told = Somebody(set(capture.identities))
        for person in list(self.persons):
            if not person.identities.isdisjoint(told.identities):
                self.persons.remove(person)
                told.leads += person.leads
                told.identities |= person.identities
        if told.identities:
            self.persons.append(told)
        return told


class WalkContract:
    @pytest.mark.parametrize("seed", range(times(16, quick=2)))
    async def test_any_order_of_events_is_answered_as_the_model_answers(
        self,
        ledger: LeadLedger,
        other_ledger: LeadLedger,
        archive: LeadArchive,
        project: Project,
        seed: int,
    ) -> None:
        chance = random.Random(seed)
        model = Model()
        month, limit = NOVEMBER, chance.choice([None, 3, 10])
        seen = [a_capture(project)]

        for _ in range(STEPS):
            event = chance.random()
            if event < 0.05:
                month = month.next()
            elif event < 0.25:
                limit = chance.choice([None, 0, 2, 5, 5, 10, 20])
            captures = [self._a_capture(project, seen, chance) for _ in range(chance.randint(1, 6))]
            seen += captures
            one = chance.choice([ledger, other_ledger])

            outcomes = await record(one, *captures, limit=limit, month=month)

            refused = [outcome == PLAN_FULL for outcome in outcomes]
            before = model.places.get(month, 0)
            assert hows(outcomes) == [
                model.record(capture, month, is_refused=is_refused)
                for capture, is_refused in zip(captures, refused, strict=True)
            ]
            taken = await archive.places_taken(project.project_id, month)
            assert taken == model.places.get(month, 0)
            assert limit is None or taken <= max(limit, before)
            assert not any(refused) or (limit is not None and taken >= limit)

        kept = await leads_of(archive, project)
        assert len(kept) == model.people
        assert sum(len(lead.messages) for lead in kept) == len(model.messages)

    def _a_capture(self, project: Project, seen: list[Capture], chance: random.Random) -> Capture:
        match chance.choice(KINDS):
            case "again":
                return chance.choice(seen)
            case "uncounted":
                return a_capture(project, counts=False)
            case "keyed":
                key = f"key {chance.randint(1, 30)}"
                return a_keyed_capture(project, key, chance.choice([ONE_LEAD, OTHER_LEAD]))
            case "person":
                return a_written_message(
                    project,
                    *_some_names(chance),
                    message_id=f"m{chance.randint(1, 60)}",
                    opens_lead=chance.random() < 0.8,
                )
            case "link":
                return a_link(project, *_some_names(chance), *_some_names(chance))
            case _:
                return a_capture(project)


def _some_names(chance: random.Random) -> list[Identity]:
    """One or both of a person's."""
    number = str(chance.randint(0, 40))
    return chance.sample([a_phone(number), Identity("user_id", number)], chance.randint(1, 2))
