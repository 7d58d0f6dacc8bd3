"""What senders were promised, and whether the store keeps it."""

from dataclasses import dataclass, field
from typing import Any

from adapters.mongodb.connection.collections import Collections
from adapters.mongodb.leads.lookup import look_up
from domain.capture import Capture, Kept, KeptAs, Outcome
from domain.leads.filling import to_fill
from domain.plan import Month
from domain.project import Project
from tests.adapters.mongodb.leads.walk.people import Leads
from tests.adapters.mongodb.leads.walk.processes import Work, most
from tests.contracts.recording import PLAN_FULL, UNDECIDED


@dataclass
class Promises:
    """
    A store, and what was said of it.

    Attributes:
        promised: The lead of each capture that was kept.
        told: What was answered, but for refusals of the plan: this says who is one person.
        unanswered: What senders send again, sooner or later.
        pointers: Each joined lead with the earlier one; they stay.
        said: Each thing that a lead says; more may come, none is changed.
        counted: How a lead is counted, by its number and how often that was changed.
    """

    store: Collections
    project: Project
    promised: dict[str, int] = field(default_factory=dict, init=False)
    told: dict[str, Capture] = field(default_factory=dict, init=False)
    unanswered: dict[str, Capture] = field(default_factory=dict, init=False)
    pointers: dict[int, int] = field(default_factory=dict, init=False)
    said: set[tuple[int, str, str]] = field(default_factory=set, init=False)
    counted: dict[tuple[int, int], Any] = field(default_factory=dict, init=False)

    async def leads(self) -> Leads:
        return await Leads.of(self.store, self.project.project_id)

    async def check(self) -> None:
        """What is promised holds now."""
        leads = await self.leads()

        assert len(leads.by_capture) == len(set(leads.numbers)) == len(leads.documents)
        assert len(leads.names) == len(set(leads.names))
        assert set(self.promised.values()) <= set(leads.numbers)
        for capture_id, lead_id in self.promised.items():
            number = leads.by_capture.get(capture_id, lead_id)
            assert leads.earliest(number) == leads.earliest(lead_id)
        assert self.pointers.items() <= leads.pointers.items()
        assert all(earlier < later for later, earlier in leads.pointers.items())
        assert set(leads.pointers.values()) <= set(leads.numbers)
        self.pointers = leads.pointers
        assert self.said <= leads.said
        self.said = leads.said
        for key, way in leads.counted.items():
            assert self.counted.setdefault(key, way) == way

    async def places(self, month: Month) -> list[int]:
        wanted = {"project_id": self.project.project_id, "month": str(month)}
        leads = await self.store.leads.find(wanted).to_list(None)
        return [lead["place"] for lead in leads if "place" in lead]

    async def judge(
        self, capture: Capture, outcome: Outcome, work: Work, *, as_it_was: bool
    ) -> None:
        """Whether *outcome* is true, as far as nobody else wrote since; what it says is noted."""
        if outcome == UNDECIDED:
            assert capture.counts
            assert most(work.limit) < float("inf")
            return
        self.unanswered.pop(capture.capture_id, None)
        if outcome != PLAN_FULL:
            self.told[capture.capture_id] = capture
        if isinstance(outcome, Kept):
            kept = self.promised.setdefault(capture.capture_id, outcome.lead_id)
            leads = await self.leads()
            assert leads.earliest(kept) == leads.earliest(outcome.lead_id)
            if outcome.kept_as is KeptAs.KNOWN_PERSON:
                details = leads.details[outcome.lead_id]
                assert to_fill(details, capture.details.present()) == {}
        elif outcome == PLAN_FULL:
            assert capture.counts
            assert len(await self.places(work.month)) >= most(work.limit)
            if as_it_was:  # else it was right then
                assert not await self._is_known(capture)

    async def _is_known(self, capture: Capture) -> bool:
        known = await look_up(self.store, [capture])
        return bool(known.own(capture) or known.of_key(capture) or known.person(capture).leads)
