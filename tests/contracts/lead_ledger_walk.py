"""A random walk of two writers over one store, against a model of a few lines."""

import random

import pytest

from application.ports.lead_archive import LeadArchive
from application.ports.lead_ledger import Capture, How, LeadLedger, Why
from domain.plan import Month
from domain.project import Project
from tests.contracts.lead_ledger_idempotency import ONE_LEAD, OTHER_LEAD, a_keyed_capture
from tests.contracts.lead_ledger_persons import a_written_message
from tests.contracts.recording import NOVEMBER, hows, leads_of, record
from tests.support.builders import a_capture, a_phone

STEPS = 60


class Model:
    """What a ledger must answer, by counting: the one thing that a ledger must not do."""

    def __init__(self) -> None:
        self.leads = 0
        self.places: dict[Month, int] = {}
        self.captures: set[str] = set()
        self.keys: dict[str, bytes] = {}
        self.messages: set[str] = set()
        self.persons: set[str] = set()

    def record(self, capture: Capture, limit: int | None, month: Month) -> How | Why:
        if (known := self._known(capture)) is not None:
            return known
        if not capture.opens_lead:
            return Why.NOBODY_KNOWN
        taken = self.places.get(month, 0)
        if capture.counts and limit is not None and taken >= limit:
            return Why.PLAN_FULL
        self.places[month] = taken + capture.counts
        self.leads += 1
        self.captures.add(capture.capture_id)
        if capture.idempotency:
            self.keys[capture.idempotency.key] = capture.idempotency.fingerprint
        self._attach(capture)
        return How.NEW

    def _known(self, capture: Capture) -> How | Why | None:
        if capture.capture_id in self.captures:
            return How.NEW
        if (key := capture.idempotency) and key.key in self.keys:
            return How.REPLAYED if self.keys[key.key] == key.fingerprint else Why.KEY_REUSED
        if capture.message and capture.message.message_id in self.messages:
            return How.KNOWN_MESSAGE
        if any(identity.value in self.persons for identity in capture.identities):
            self._attach(capture)
            return How.KNOWN_PERSON
        return None

    def _attach(self, capture: Capture) -> None:
        self.persons |= {identity.value for identity in capture.identities}
        if capture.message:
            self.messages.add(capture.message.message_id)


class WalkContract:
    @pytest.mark.parametrize("seed", range(8))
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

            assert hows(outcomes) == [model.record(c, limit, month) for c in captures]
            taken = await archive.places_taken(project.project_id, month)
            assert taken == model.places.get(month, 0)

        kept = await leads_of(archive, project)
        assert len(kept) == model.leads
        assert sum(len(lead.messages) for lead in kept) == len(model.messages)

    def _a_capture(self, project: Project, seen: list[Capture], chance: random.Random) -> Capture:
        match chance.choice(["plain", "plain", "uncounted", "keyed", "person", "again"]):
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
                    a_phone(f"1202555{chance.randint(0, 40):04}"),
                    message_id=f"m{chance.randint(1, 60)}",
                    opens_lead=chance.random() < 0.8,
                )
            case _:
                return a_capture(project)
