"""
Group commit: the one place where a process writes leads.

While one batch is being written, the captures that arrive wait and form the next one.
There is no timer: a lone capture is not delayed, and a busy process writes hundreds at once.
But a replica set may write a batch at once, acknowledge it only seconds later, and then
acknowledge many batches together. So where the ledger is concurrent, a batch that takes long
holds up no other.

First how much a writer takes on, then one capture that waits, the queues in which captures wait,
and last the writer; its methods stand in the order in which a capture goes through them.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from application.keys.authenticate import NO_PROJECT
from application.ports.clock import Clock
from application.ports.lead_ledger import LeadLedger
from application.process.settings_cache import SettingsCache
from domain.capture import Batch, Capture, NotKept, NotKeptBecause, Outcome
from domain.errors import StorageUnavailable
from domain.plan import Month
from domain.project import Project
from domain.refusals import InvalidApiKey, Overloaded

TOO_LATE = "not written before the deadline"
UNDECIDED = "what becomes of it was not known before the deadline"


@dataclass(frozen=True, slots=True, kw_only=True)
class WriterLimits:
    """
    How much a writer takes on.

    Attributes:
        batch: The most captures in one write.
        queue: The most captures of one project that may wait.
        deadline_seconds: By then a capture is answered, with `StorageUnavailable` if need be.
        retry_pause_seconds: The pause between two tries of one batch.
        patience_seconds: How long a write may hold up the next one; then that begins beside it,
            where the ledger is concurrent.
        under_way: The most captures in all the writes that are under way at once.
    """

    batch: int = 500
    queue: int = 2_000
    deadline_seconds: float = 2.0
    retry_pause_seconds: float = 0.05
    patience_seconds: float = 0.1
    under_way: int = 2_000

    @property
    def least_seconds(self) -> float:
        """
        A capture that has no more time left than this is not tried.

        The whole batch must be written before the first of its captures runs out of time. So a
        capture with hardly any time left would leave the others too little.
        """
        return self.deadline_seconds / 20


@dataclass(slots=True, eq=False)
class Pending:
    """
    A capture on its way to the ledger, and the call that waits for its outcome.

    Attributes:
        deadline: From this moment (monotonic) on, no write that contains it begins.
        outcome: What the call waits for; done as soon as the call has its answer or has given up.
        cause: Why it has no outcome yet; empty before the first try.
        may_be_written: Whether a try has ended and nobody knows if it wrote the capture.
    """

    capture: Capture
    deadline: float
    outcome: "asyncio.Future[Outcome]"
    cause: str = ""
    may_be_written: bool = False

    def tried(self) -> None:
        """Note that a try has ended and nobody knows if it wrote the capture."""
        self.may_be_written = True
        self.capture = replace(self.capture, is_fresh=False)

    def fail(self, error: Exception) -> None:
        """Answer with *error*, unless nobody waits any more."""
        if not self.outcome.done():
            self.outcome.set_exception(error)

    def answer(self, outcome: Outcome) -> bool:
        """
        Answer with *outcome*, unless nobody waits any more; False if it is to be tried again.

        Where an earlier try ended without an answer, its insert may still be on its way through a
        slow server and land after this try found the month full. So this call gets a 503 and not
        a 429: the sender must not hear that there is no lead when there may be one in a moment.
        """
        if outcome == NotKept(NotKeptBecause.UNDECIDED):
            return False
        if outcome == NotKept(NotKeptBecause.PLAN_FULL) and self.may_be_written:
            self.fail(StorageUnavailable(self.cause))
        elif not self.outcome.done():
            self.outcome.set_result(outcome)
        return True


@dataclass(slots=True)
class ProjectQueues:
    """A queue for each project; what is taken comes from each in turn."""

    waiting: "OrderedDict[str, deque[Pending]]" = field(default_factory=OrderedDict)

    def length(self, project_id: str) -> int:
        """How many captures of the project wait."""
        return len(self.waiting.get(project_id, ()))

    def append(self, pending: Pending) -> None:
        """Let *pending* wait behind those of its project."""
        self.waiting.setdefault(pending.capture.project_id, deque()).append(pending)

    def put_back(self, pendings: Sequence[Pending], cause: str) -> None:
        """Put *pendings* first in their queues again; *cause* says why they have no outcome."""
        for pending in reversed(pendings):
            pending.cause = cause
            self.waiting.setdefault(pending.capture.project_id, deque()).appendleft(pending)

    def take(self) -> Pending | None:
        """The next one, from the project whose turn it is; None if nothing waits."""
        if not self.waiting:
            return None
        project_id, queue = self.waiting.popitem(last=False)
        pending = queue.popleft()
        if queue:
            self.waiting[project_id] = queue
        return pending


class LeadWriter:
    """
    Writes captures in batches, from tasks of the process, never of a request.

    A call puts its capture into a queue and waits. The task `lead-writer` takes batches from the
    queues and starts a task for each. Sanic cancels a call whose client has gone: its capture is
    written all the same. A call that has waited for two seconds gives up with a 503: no later
    batch takes its capture, but the batch that is under way may still write it.

    The queues are in memory alone. When the process is killed, no call in them has had an answer.
    Any part of the batches that were under way may be in the store, and their calls have had no
    answer either. So there may be a lead without an answer, never an answer without a lead. Other
    processes have writers of their own: they meet in the store alone, where the unique indexes
    decide.
    """

    def __init__(
        self,
        ledger: LeadLedger,
        projects: SettingsCache[str, Project | None],
        clock: Clock,
        limits: WriterLimits | None = None,
    ) -> None:
        self._ledger = ledger
        self._projects = projects
        self._clock = clock
        self._limits = limits or WriterLimits()
        self._queues = ProjectQueues()
        self._arrived = asyncio.Event()
        self._stopping = False
        self._task: asyncio.Task[None] | None = None
        self._under_way: dict[asyncio.Task[None], int] = {}
        self._patience_seconds = self._limits.patience_seconds if ledger.is_concurrent else None

    def start(self) -> None:
        """Begin to write; needs a running loop."""
        self._task = asyncio.get_running_loop().create_task(self._run(), name="lead-writer")

    async def stop(self, timeout_seconds: float = 3.0) -> None:
        """
        Refuse what is new, write what waits, and end.

        What still waits after *timeout_seconds* is refused: as `Overloaded` where it was certainly
        not written, so that the sender may bring it again, else as `StorageUnavailable`.
        """
        self._stopping = True
        self._arrived.set()
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=timeout_seconds)
            for task in (self._task, *self._under_way):
                task.cancel()
        while (pending := self._queues.take()) is not None:
            unknown = StorageUnavailable(pending.cause)
            pending.fail(unknown if pending.may_be_written else Overloaded(retry_after_seconds=1))

    async def write(self, capture: Capture) -> Outcome:
        """
        Record *capture* with the next batch.

        Raises:
            Overloaded: Its project's queue is full, or the process is ending; nothing was written.
            StorageUnavailable: Not known to be written before its deadline.
        """
        if self._stopping or self._queues.length(capture.project_id) >= self._limits.queue:
            raise Overloaded(retry_after_seconds=1)
        deadline = self._clock.monotonic() + self._limits.deadline_seconds
        outcome: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        # The call may be gone when an error comes: without this, asyncio would log that nobody
        # looked at the error.
        outcome.add_done_callback(lambda done: done.cancelled() or done.exception())
        pending = Pending(capture, deadline, outcome)
        self._queues.append(pending)
        self._arrived.set()
        try:
            async with asyncio.timeout(self._limits.deadline_seconds):
                # Shielded: a call that is cancelled must not cancel the outcome, or the capture
                # would look answered and be left out of its batch.
                return await asyncio.shield(outcome)
        except TimeoutError:
            pending.fail(error := StorageUnavailable(pending.cause or TOO_LATE))
            raise error from None

    async def _run(self) -> None:
        """
        Begin one write after the other, and sleep when there is nothing to write.

        No wake-up is lost: between a `_form()` that found nothing and `clear()` there is no
        await, so nothing can arrive or end unseen in between.
        """
        while True:
            batch = self._form()
            if batch:
                await asyncio.wait({self._begin(batch)}, timeout=self._patience_seconds)
            elif self._stopping and not self._under_way:
                return
            else:
                self._arrived.clear()
                await self._arrived.wait()

    def _begin(self, batch: list[Pending]) -> "asyncio.Task[None]":
        writing = asyncio.get_running_loop().create_task(self._write_and_live_on(batch))
        self._under_way[writing] = len(batch)
        writing.add_done_callback(self._end)
        return writing

    def _end(self, writing: "asyncio.Task[None]") -> None:
        """Wake `_run()`: there is room for more, and captures that were put back wait."""
        del self._under_way[writing]
        self._arrived.set()

    async def _write_and_live_on(self, batch: list[Pending]) -> None:
        """Write *batch*; if a defect of ours raises, its calls get that error as their answer."""
        try:
            await self._write(batch)
        except Exception as error:  # noqa: BLE001  the task must outlive any defect
            for pending in batch:
                pending.fail(error)

    def _form(self) -> list[Pending]:
        """The next batch: as many captures as there is room for, all with time left."""
        now = self._clock.monotonic()
        room = min(self._limits.batch, self._limits.under_way - sum(self._under_way.values()))
        batch: list[Pending] = []
        while len(batch) < room and (pending := self._queues.take()) is not None:
            if self._is_in_time(pending, now):
                batch.append(pending)
        return batch

    def _is_in_time(self, pending: Pending, now: float) -> bool:
        """Whether *pending* still waits; if its deadline is too near, it gets its 503 here."""
        if pending.deadline - now <= self._limits.least_seconds:
            pending.fail(StorageUnavailable(pending.cause or TOO_LATE))
        return not pending.outcome.done()

    async def _write(self, batch: list[Pending]) -> None:
        """
        Record *batch*, and answer each of its calls or put it back.

        If the store does not answer, nobody knows what of the batch was written. So the very
        same captures go back to the head of their queues and are recorded again: a capture keeps
        its id, and the ledger finds the lead that it has already made. The pause comes before
        this task ends, and `_run()` waits for that for a while. So nobody asks a store that is away
        again and again without a pause.
        """
        batch, limits = await self._with_limits(batch)
        if not batch:
            return
        # Once a batch: a batch that is written around midnight takes places of one month alone.
        month = Month.of(self._clock.now())
        captures = tuple(pending.capture for pending in batch)
        remaining = min(pending.deadline for pending in batch) - self._clock.monotonic()
        try:
            outcomes = await self._ledger.record(Batch(month, captures, limits), max(remaining, 0))
            answers = list(zip(batch, outcomes, strict=True))
        except StorageUnavailable as error:
            for pending in batch:
                pending.tried()
            self._queues.put_back(batch, str(error))
            await asyncio.sleep(self._limits.retry_pause_seconds)
        except Exception as error:  # noqa: BLE001  a defect must not spoil the neighbours
            if len(batch) == 1:
                batch[0].fail(error)
                return
            # One capture meets a defect of ours. Halving finds it in a few more writes, and its
            # neighbours become leads: what a half had written already is found by its id.
            for pending in batch:
                pending.capture = replace(pending.capture, is_fresh=False)
            half = len(batch) // 2
            await self._write(batch[:half])
            await self._write(batch[half:])
        else:
            undecided = [pending for pending, outcome in answers if not pending.answer(outcome)]
            self._queues.put_back(undecided, UNDECIDED)

    async def _with_limits(
        self, batch: list[Pending]
    ) -> tuple[list[Pending], dict[str, int | None]]:
        """
        The captures that may be written now, and each project's limit, at most two seconds old.

        An operator may lower a limit while this process asks for settings. So it first asks for
        all settings that it does not know; then, after the last await, it reads all limits from
        memory. If the settings of a project have become too old meanwhile, its captures wait for
        the next batch. Two seconds after a change no process begins a write with the older limit.
        """
        await self._refresh(batch)
        now = self._clock.monotonic()
        ready: list[Pending] = []
        limits: dict[str, int | None] = {}
        for pending in batch:
            if not self._is_in_time(pending, now):
                continue
            project_id = pending.capture.project_id
            try:
                project = self._projects.peek(project_id)
            except KeyError:
                self._queues.append(pending)
                continue
            if project is None:
                pending.fail(InvalidApiKey(NO_PROJECT))
                continue
            limits[project_id] = project.monthly_limit
            ready.append(pending)
        return ready, limits

    async def _refresh(self, batch: list[Pending]) -> None:
        """Ask the store for unknown settings; if that fails, the project's captures fail too."""
        unknown: dict[str, list[Pending]] = {}
        for pending in batch:
            project_id = pending.capture.project_id
            try:
                self._projects.peek(project_id)
            except KeyError:
                unknown.setdefault(project_id, []).append(pending)
        if not unknown:
            return
        answers = await asyncio.gather(
            *(self._projects.get(project_id) for project_id in unknown), return_exceptions=True
        )
        for pendings, answer in zip(unknown.values(), answers, strict=True):
            if isinstance(answer, Exception):
                for pending in pendings:
                    pending.fail(answer)
