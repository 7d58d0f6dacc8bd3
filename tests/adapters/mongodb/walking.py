"""Processes over one store, what may befall them, and what must hold after every step."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from adapters.mongodb import MongoLeadLedger
from application.ports.errors import StorageUnavailable
from application.ports.lead_ledger import Capture
from domain.plan import Month
from tests.adapters.mongodb.walk_people import check_people, is_alone
from tests.adapters.mongodb.walk_promises import Promises
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
class World(Promises):
    """A store, processes, and what befalls them."""

    chance: Random
    limit: int | None = 5
    month: Month = NOVEMBER
    limit_changes: int = 0
    recordings: int = 0
    seconds: float = 1000.0
    seen: list[Capture] = field(default_factory=list)
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
        self.unanswered |= {c.capture_id: c for c in captures if c.capture_id not in self.told}
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
        number = max([0, *(await self.leads()).numbers]) + 1
        lead = {
            "_id": f"{self.project.project_id}/leap {number}",
            "project_id": self.project.project_id,
            "month": str(self.month),
            "lead_id": number,
            "place": place,
        }
        await self.store.leads.insert_many([lead], ordered=False)

    async def redeliver(self) -> None:
        """Let go on what is frozen; what was not answered comes again, and nothing befalls it."""
        while self.frozen:
            await self.thaw(kill=False)
            await self.check()
        waiting = list(self.unanswered.values())
        self.chance.shuffle(waiting)
        for capture in waiting:
            again = self._sent_again(capture)
            await self.capture(self.chance.randrange(PROCESSES), Fault(), [again])
            await self.check()
        await check_people(self.store, self.project.project_id, list(self.told.values()))

    def _sent_again(self, capture: Capture) -> Capture:
        """The same capture, or the same of a person by a sender who knows nothing of its id."""
        if not capture.identities or self.chance.random() < ABANDONED:
            return capture
        return replace(capture, capture_id=f"{capture.capture_id} again")

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
        self.recordings += 1
        now = (self.limit_changes, self.month, self.recordings)
        others = list(self.unanswered.values())
        outcomes = await ledger.record(batch, WITHOUT_END_SECONDS)
        for capture, outcome in zip(captures, outcomes, strict=True):
            as_it_was = now == (self.limit_changes, self.month, self.recordings)
            as_it_was &= is_alone(capture, captures, [*self.told.values(), *others])
            await self.judge(capture, outcome, limit, month, as_it_was=as_it_was)
