"""Processes over one store, what may befall them, and what must hold after every step."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any

from adapters.mongodb import MongoLeadLedger
from adapters.mongodb.collections import Collections
from adapters.mongodb.lookup import look_up
from application.ports.errors import StorageUnavailable
from application.ports.lead_ledger import Capture, Kept, NotKept, Outcome, Why
from domain.plan import Month
from domain.project import Project
from tests.adapters.mongodb.walk_senders import a_chosen_capture, some_captures
from tests.contracts.recording import NOVEMBER, a_batch
from tests.support.faulty_store import Fault, FaultyDatabase, Killed

PROCESSES = 3
WITHOUT_LIMIT = 60
ABANDONED = 0.5
WITHOUT_END_SECONDS = 60.0


@dataclass
class Process:
    """One process with a memory of its own."""

    database: FaultyDatabase
    ledger: MongoLeadLedger


@dataclass
class Frozen:
    """A process in the midst of recording, and how often the limit was changed before."""

    fault: Fault
    task: "asyncio.Task[Any]"
    limit_changes: int


@dataclass
class World:
    """
    A store, processes, and what senders were promised.

    Attributes:
        allowed: Per month, how many places may be taken: the limit, or more where more were
            taken before it was lowered.
    """

    store: Collections
    project: Project
    chance: Random
    limit: int | None = 5
    month: Month = NOVEMBER
    limit_changes: int = 0
    seconds: float = 1000.0
    promised: dict[str, int] = field(default_factory=dict)
    seen: list[Capture] = field(default_factory=list)
    allowed: dict[Month, float] = field(default_factory=dict)
    frozen: list[Frozen] = field(default_factory=list)
    processes: list[Process] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.processes = [self._process() for _ in range(PROCESSES)]

    def _process(self) -> Process:
        database = FaultyDatabase(self.store)
        ledger = MongoLeadLedger(database, lambda: self.seconds)  # type: ignore[arg-type]
        return Process(database, ledger)

    async def capture(self, process: int, fault: Fault, captures: list[Capture]) -> None:
        """Record *captures*; what the fault does to the process is done."""
        self.seen += captures
        self.allowed.setdefault(self.month, self._most())
        self.processes[process].database.fault = fault
        work = self._record(self.processes[process].ledger, captures, self.limit, self.month)
        task = asyncio.create_task(work)
        if fault.kind == "freeze":
            struck = asyncio.create_task(fault.struck.wait())
            await asyncio.wait({task, struck}, return_when=asyncio.FIRST_COMPLETED)
            struck.cancel()
            if not task.done():
                self.frozen.append(Frozen(fault, task, self.limit_changes))
                self.processes[process] = self._process()  # its place is taken by another
                return
        try:
            await task
        except Killed:
            self.processes[process] = self._process()
        except StorageUnavailable:  # as the writer: the same again, while somebody waits
            self.processes[process].database.fault = Fault()
            if self.chance.random() < ABANDONED:
                return
            ledger = self.processes[process].ledger
            await self._record(ledger, captures, self.limit, self.month)

    async def thaw(self, *, kill: bool) -> None:
        """Let a frozen process go on, late, or let it die where it is."""
        if not self.frozen:
            return
        one = self.frozen.pop(self.chance.randrange(len(self.frozen)))
        if kill:
            one.task.cancel()
            await asyncio.wait({one.task})
            return
        one.fault.is_late = one.limit_changes != self.limit_changes  # seconds have gone by
        one.fault.thawed.set()
        with suppress(StorageUnavailable):  # nobody waits for its answer any more
            await one.task

    async def change_limit(self, limit: int | None) -> None:
        """From now on this limit holds; more than two seconds go by."""
        self.limit = limit
        self.limit_changes += 1
        self.seconds += 3
        for month in self.allowed:
            self.allowed[month] = max(self._most(), len(await self.places(month)))

    def next_month(self) -> None:
        self.month = self.month.next()

    async def lose_hints(self) -> None:
        for document in await self.store.hints.find({}).to_list(None):
            wrong = self.chance.randint(-20, 20) - document["next"]
            wanted = {"_id": document["_id"]}
            pipeline = [{"$set": {"next": {"$add": [{"$max": ["$next", 0]}, wrong]}}}]
            await self.store.hints.find_one_and_update(wanted, pipeline)

    async def leap(self) -> None:
        """Another process dies with places in hand, and only one above them written: holes."""
        taken = await self.places(self.month)
        last = WITHOUT_LIMIT if self.limit is None else self.limit
        above = range(max(taken, default=0) + 2, last + 1)
        if not above or len(taken) >= last:
            return
        await self.leap_to(self.chance.choice(above))

    async def leap_to(self, place: int) -> None:
        self.allowed.setdefault(self.month, self._most())
        number = max([0, *await self.numbers()]) + 1
        lead = {
            "_id": f"{self.project.project_id}/leap {number}",
            "project_id": self.project.project_id,
            "month": str(self.month),
            "lead_id": number,
            "place": place,
        }
        await self.store.leads.insert_many([lead], ordered=False)

    async def numbers(self) -> list[int]:
        wanted = {"project_id": self.project.project_id}
        return [lead["lead_id"] for lead in await self.store.leads.find(wanted).to_list(None)]

    async def check(self) -> None:
        """What is promised holds now."""
        leads = await self.store.leads.find({"project_id": self.project.project_id}).to_list(None)
        by_capture = {lead["_id"].partition("/")[2]: lead["lead_id"] for lead in leads}
        numbers = [lead["lead_id"] for lead in leads]
        names = [name for lead in leads for name in lead.get("names", ())]

        assert len(by_capture) == len(set(numbers)) == len(leads)
        assert len(names) == len(set(names))
        assert set(self.promised.values()) <= set(numbers)
        for capture_id, lead_id in self.promised.items():
            assert by_capture.get(capture_id, lead_id) == lead_id
        for month, allowed in self.allowed.items():
            places = await self.places(month)
            assert len(places) == len(set(places))
            assert len(places) <= allowed

    async def places(self, month: Month) -> list[int]:
        wanted = {"project_id": self.project.project_id, "month": str(month)}
        leads = await self.store.leads.find(wanted).to_list(None)
        return [lead["place"] for lead in leads if "place" in lead]

    def some_captures(self) -> list[Capture]:
        return some_captures(self.chance, self.project, self.seen)

    def a_capture(self) -> Capture:
        return a_chosen_capture(self.chance, self.project, self.seen)

    def _most(self) -> float:
        return float("inf") if self.limit is None else self.limit

    async def _record(
        self, ledger: MongoLeadLedger, captures: list[Capture], limit: int | None, month: Month
    ) -> None:
        batch = a_batch(captures, limit, month)
        now = (self.limit_changes, self.month)
        outcomes = await ledger.record(batch, WITHOUT_END_SECONDS)
        for capture, outcome in zip(captures, outcomes, strict=True):
            as_it_was = now == (self.limit_changes, self.month)
            await self._judge(capture, outcome, limit, month, as_it_was=as_it_was)

    async def _judge(
        self,
        capture: Capture,
        outcome: Outcome,
        limit: int | None,
        month: Month,
        *,
        as_it_was: bool,
    ) -> None:
        if isinstance(outcome, Kept):
            kept = self.promised.setdefault(capture.capture_id, outcome.lead_id)
            assert kept == outcome.lead_id
        elif outcome == NotKept(Why.PLAN_FULL):
            assert limit is not None
            assert capture.counts
            assert len(await self.places(month)) >= limit
            if as_it_was:  # else it froze, and was right then
                assert not await self._is_known(capture)

    async def _is_known(self, capture: Capture) -> bool:
        known = await look_up(self.store, [capture])
        return bool(known.own(capture) or known.of_key(capture) or known.of_person(capture))
