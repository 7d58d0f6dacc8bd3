"""What may befall processes over one store, and what must hold after every step."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field, replace

from adapters.mongodb import MongoLeadLedger
from domain.capture import Capture
from domain.errors import StorageUnavailable
from tests.adapters.mongodb.leads.walk.limits import LimitedPromises
from tests.adapters.mongodb.leads.walk.people import check_people, is_alone
from tests.adapters.mongodb.leads.walk.processes import (
    DEADLINE_SECONDS,
    Frozen,
    Process,
    Work,
    until_it_ends_or_freezes,
)
from tests.adapters.mongodb.leads.walk.senders import a_chosen_capture, some_captures
from tests.contracts.recording import UNDECIDED, a_batch
from tests.support.faulty_store import Fault, FaultyDatabase, Killed

PROCESSES = 3
WITHOUT_LIMIT = 60
ABANDONED = 0.5
CHUNK_PLACES = 2
"""So few that a search for holes takes several batches."""
MOST_LEAPT = 5
CAPTURE_SECONDS = 0.1
WITHOUT_END_SECONDS = 60.0


@dataclass
class World(LimitedPromises):
    """A store, processes, and what befalls them."""

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
        tried = {capture.capture_id for capture in self.seen}
        captures = [
            replace(one, is_fresh=one.is_fresh and one.capture_id not in tried) for one in captures
        ]
        self.seen += captures
        self.unanswered |= {c.capture_id: c for c in captures if c.capture_id not in self.told}
        await self.allow()
        one = self.processes[process]
        one.database.fault = fault
        work = await self.begin(one)
        task = asyncio.create_task(self._record(one.ledger, captures, work))
        await self.watch(work, until_it_ends_or_freezes(task, fault))
        if not task.done():
            self.frozen.append(Frozen(fault, task, work))
            self.processes[process] = self._process()  # its place is taken by another
            return
        try:
            await task
        except Killed:
            self.processes[process] = self._process()
        except StorageUnavailable:  # as the writer: the same again, while somebody waits
            one.database.fault = Fault()
            if self.chance.random() >= ABANDONED:
                again = [replace(capture, is_fresh=False) for capture in captures]
                await self.watch(work, self._record(one.ledger, again, work))

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
            await self.watch(one.work, one.task)

    async def lose_hints(self) -> None:
        for document in await self.store.hints.find({}).to_list(None):
            wrong = self.chance.randint(-20, 20) - document["next"]
            wanted = {"_id": document["_id"]}
            pipeline = [{"$set": {"next": {"$add": [{"$max": ["$next", 0]}, wrong]}}}]
            await self.store.hints.find_one_and_update(wanted, pipeline)

    async def leap(self) -> None:
        """Another process dies with places in hand, and only some above them written: holes."""
        taken = await self.places(self.month)
        last = max(WITHOUT_LIMIT if limit is None else limit for limit in self.limits_in_use())
        above = range(max(taken, default=0) + 2, last + 1)
        most_written = min(len(above), last - len(taken), MOST_LEAPT)
        if most_written > 0:
            written = self.chance.sample(above, self.chance.randint(1, most_written))
            for place in written:
                await self.leap_to(place)

    async def leap_to(self, place: int) -> None:
        await self.allow()
        number = max([0, *(await self.leads()).numbers]) + 2  # it had more numbers in hand, too
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

    async def _record(self, ledger: MongoLeadLedger, captures: list[Capture], work: Work) -> None:
        """As the writer does it: what is undecided is recorded again."""
        while captures:
            batch = a_batch(captures, work.limit, work.month)
            others = list(self.unanswered.values())
            outcomes = await ledger.record(batch, WITHOUT_END_SECONDS)
            answers = list(zip(captures, outcomes, strict=True))
            for capture, outcome in answers:
                as_it_was = work.as_of == self.happened
                as_it_was &= is_alone(capture, captures, [*self.told.values(), *others])
                await self.judge(capture, outcome, work, as_it_was=as_it_was)
            captures = [capture for capture, outcome in answers if outcome == UNDECIDED]
