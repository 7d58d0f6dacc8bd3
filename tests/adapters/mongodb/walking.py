"""What may befall processes over one store, and what must hold after every step."""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from random import Random

from adapters.mongodb import MongoLeadLedger
from application.ports.errors import StorageUnavailable
from application.ports.lead_ledger import Capture
from domain.plan import Month
from tests.adapters.mongodb.walk_people import check_people, is_alone
from tests.adapters.mongodb.walk_promises import Promises
from tests.adapters.mongodb.walk_senders import a_chosen_capture, some_captures
from tests.contracts.recording import NOVEMBER, UNDECIDED, a_batch
from tests.support.faulty_store import Fault, FaultyDatabase, Killed

PROCESSES = 3
WITHOUT_LIMIT = 60
ABANDONED = 0.5
ASKS_ANEW = 0.4
CHUNK_PLACES = 2
"""So few that a search for holes takes several batches."""
MOST_LEAPT = 5
CAPTURE_SECONDS = 0.1
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
    limit: Limit = 5
    older_limit: Limit = 5
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
        ledger = MongoLeadLedger(database, lambda: self.seconds, CHUNK_PLACES)  # type: ignore[arg-type]
        return Process(database, ledger)

    async def capture(self, process: int, fault: Fault, captures: list[Capture]) -> None:
        """Record *captures*; what the fault does to the process is done."""
        self.seconds += CAPTURE_SECONDS
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
            one.database.fault = Fault()
            if self.chance.random() >= ABANDONED:
                await self._watch(work, self._record(one.ledger, captures, work))

    async def thaw(self, *, kill: bool) -> None:
        """Let a frozen process go on, late, or let it die where it is."""
        if not self.frozen:
            return
        one = self.frozen.pop(self.chance.randrange(len(self.frozen)))
        if kill:
            one.task.cancel()
            await asyncio.wait({one.task})
            return
        one.fault.is_late = self.seconds - one.work.began_at >= DEADLINE_SECONDS
        one.fault.thawed.set()
        with suppress(StorageUnavailable):  # nobody waits for its answer any more
            await self._watch(one.work, one.task)

    async def change_limit(self, limit: Limit, then_seconds: float = 7) -> None:
        """From now on this limit holds; so many seconds go by."""
        self.seconds = max(self.seconds, self.changed_at + BETWEEN_CHANGES_SECONDS)
        self.older_limit, self.limit, self.changed_at = self.limit, limit, self.seconds
        self.limit_changes += 1
        self.allowed.clear()
        self.seconds += then_seconds
        await self._allow()

    def next_month(self) -> None:
        self.month = self.month.next()

    async def lose_hints(self) -> None:
        for document in await self.store.hints.find({}).to_list(None):
            wrong = self.chance.randint(-20, 20) - document["next"]
            wanted = {"_id": document["_id"]}
            pipeline = [{"$set": {"next": {"$add": [{"$max": ["$next", 0]}, wrong]}}}]
            await self.store.hints.find_one_and_update(wanted, pipeline)

    async def leap(self) -> None:
        """Another process dies with places in hand, and only some above them written: holes."""
        taken = await self.places(self.month)
        limits = [self.limit]
        if self.seconds - self.changed_at < SETTINGS_SECONDS + DEADLINE_SECONDS:
            limits.append(self.older_limit)
        last = max(WITHOUT_LIMIT if limit is None else limit for limit in limits)
        above = range(max(taken, default=0) + 2, last + 1)
        most_written = min(len(above), last - len(taken), MOST_LEAPT)
        if most_written > 0:
            written = self.chance.sample(above, self.chance.randint(1, most_written))
            for place in written:
                await self.leap_to(place)

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

    async def _allow(self) -> None:
        """Note how many places may be taken, where everybody knows the limit."""
        self.months.add(self.month)
        if not self._everybody_knows():
            return
        for month in self.months - self.allowed.keys():
            self.allowed[month] = max(most(self.limit), len(await self.places(month)))

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
