"""What may befall processes over one store, and what must hold after every step."""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

from adapters.mongodb import MongoLeadLedger
from adapters.mongodb.collections import Collections
from adapters.mongodb.lookup import look_up
from application.ports.errors import StorageUnavailable
from application.ports.lead_ledger import Capture, Kept, NotKept, Outcome, Why
from domain.plan import Month
from domain.project import Project
from tests.adapters.mongodb.walk_processes import (
    BETWEEN_CHANGES_SECONDS,
    DEADLINE_SECONDS,
    EVERYBODY_KNOWS_SECONDS,
    SETTINGS_SECONDS,
    Frozen,
    Limit,
    Process,
    Work,
    most,
)
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
class World:
    """
    A store, processes, and what senders were promised.

    Each batch is judged by the limit that its process knew. Once nobody can know an older
    one, all of them together are.

    Attributes:
        allowed: Per month, how many places may be taken while everybody knows the limit: so
            many, or as many as were taken before that.
    """

    store: Collections
    project: Project
    chance: Random
    limit: Limit = 5
    older_limit: Limit = 5
    month: Month = NOVEMBER
    limit_changes: int = 0
    changed_at: float = float("-inf")
    seconds: float = 1000.0
    promised: dict[str, int] = field(default_factory=dict)
    seen: list[Capture] = field(default_factory=list)
    months: set[Month] = field(default_factory=set)
    allowed: dict[Month, float] = field(default_factory=dict)
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
        await self._allow()
        one = self.processes[process]
        one.database.fault = fault
        limit = self._known_limit(one)
        taken = len(await self.places(self.month))
        work = Work(limit, self.month, self.seconds, most(limit), taken)
        task = asyncio.create_task(self._record(one.ledger, captures, work))
        await self._watch(work, _until_it_ends_or_freezes(task, fault))
        if not task.done():
            work.froze = True
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
        await self._allow()
        number = max([0, *await self.numbers()]) + 2  # it had more numbers in hand, too
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
        await self._allow()
        for month in self.months:
            places = await self.places(month)
            assert len(places) == len(set(places))
            assert len(places) <= self.allowed.get(month, len(places))

    async def places(self, month: Month) -> list[int]:
        wanted = {"project_id": self.project.project_id, "month": str(month)}
        leads = await self.store.leads.find(wanted).to_list(None)
        return [lead["place"] for lead in leads if "place" in lead]

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

    def _everybody_knows(self) -> bool:
        return self.seconds - self.changed_at >= EVERYBODY_KNOWS_SECONDS

    def _now(self) -> tuple[int, Month]:
        return self.limit_changes, self.month

    def _known_limit(self, process: Process) -> Limit:
        """The limit that holds, or one that was asked for less than two seconds ago."""
        is_old = self.seconds - process.asked_at >= SETTINGS_SECONDS
        if is_old or self.chance.random() < ASKS_ANEW:
            process.limit, process.asked_at = self.limit, self.seconds
        return process.limit

    async def _watch(self, work: Work, doing: Awaitable[object]) -> None:
        """Whatever is done in *work*, and by nobody else meanwhile, is within its limit."""
        before = len(await self.places(work.month))
        work.most = max(work.most, most(self.limit))
        try:
            await doing
        finally:
            work.added += len(await self.places(work.month)) - before
            assert work.is_legal

    async def _record(self, ledger: MongoLeadLedger, captures: list[Capture], work: Work) -> None:
        """As the writer does it: what is undecided is recorded again."""
        now = self._now()
        while captures:
            batch = a_batch(captures, work.limit, work.month)
            outcomes = await ledger.record(batch, WITHOUT_END_SECONDS)
            answers = list(zip(captures, outcomes, strict=True))
            for capture, outcome in answers:
                as_it_was = not work.froze or (self._everybody_knows() and now == self._now())
                await self._judge(capture, outcome, work, as_it_was=as_it_was)
            captures = [capture for capture, outcome in answers if outcome == UNDECIDED]

    async def _judge(
        self,
        capture: Capture,
        outcome: Outcome,
        work: Work,
        *,
        as_it_was: bool,
    ) -> None:
        if isinstance(outcome, Kept):
            kept = self.promised.setdefault(capture.capture_id, outcome.lead_id)
            assert kept == outcome.lead_id
        elif outcome == NotKept(Why.PLAN_FULL):
            assert capture.counts
            assert len(await self.places(work.month)) >= most(work.limit)
            if as_it_was:  # else it froze, and was right then
                assert not await self._is_known(capture)

    async def _is_known(self, capture: Capture) -> bool:
        known = await look_up(self.store, [capture])
        return bool(known.own(capture) or known.of_key(capture) or known.of_person(capture))


async def _until_it_ends_or_freezes(task: "asyncio.Task[None]", fault: Fault) -> None:
    if fault.kind != "freeze":
        await asyncio.wait({task})
        return
    struck = asyncio.create_task(fault.struck.wait())
    await asyncio.wait({task, struck}, return_when=asyncio.FIRST_COMPLETED)
    struck.cancel()
