"""
Group commit: the one place where a process writes leads.

While one batch is being written, the captures that arrive wait and form the next one.
There is no timer: a lone capture is not delayed, and a busy process writes hundreds at once.
But a replica set may take seconds to acknowledge what it has written long since, and many writes
with one acknowledgement: where the ledger is concurrent, a batch that takes long holds up nobody.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from application.ports.clock import Clock
from application.ports.lead_ledger import LeadLedger
from application.process.settings_cache import SettingsCache
from domain.capture import Batch, Capture, NotKept, NotKeptBecause, Outcome
from domain.errors import StorageUnavailable
from domain.plan import Month
from domain.project import Project
from domain.refusals import InvalidApiKey, Overloaded


@dataclass(frozen=True, slots=True, kw_only=True)
class WriterLimits:
    """
    How much a writer takes on.

    Attributes:
        batch: Captures in one write.
        queue: Captures of one project that may wait.
        deadline_seconds: By then a capture is answered, with `StorageUnavailable` if need be.
        retry_pause_seconds: Between two tries of one batch.
        patience_seconds: After so long a write holds up no other: the next one begins beside it,
            where the ledger is concurrent.
        under_way: Captures in all the writes that are under way at once.
    """

    batch: int = 500
    queue: int = 2_000
    deadline_seconds: float = 2.0
    retry_pause_seconds: float = 0.05
    patience_seconds: float = 0.1
    under_way: int = 2_000

    @property
    def least_seconds(self) -> float:
        """What is nearer to its deadline is not tried: it would cut the time of its whole batch."""
        return self.deadline_seconds / 20


@dataclass(slots=True, eq=False)
class Pending:
    """
    A capture on its way to the ledger.

    Attributes:
        deadline: The moment (monotonic) from which on it must not be written.
        cause: Why it has no outcome yet; empty before it was tried.
        may_be_written: Whether a try of it ended without a known outcome.
    """

    capture: Capture
    deadline: float
    outcome: "asyncio.Future[Outcome]"
    cause: str = ""
    may_be_written: bool = False

    def fail(self, error: Exception) -> None:
        """Answer with *error*, unless nobody waits any more."""
        if not self.outcome.done():
            self.outcome.set_exception(error)

    def answer(self, outcome: Outcome) -> bool:
        """
        Answer with *outcome*, unless nobody waits any more; False if it is to be tried again.

        What may yet turn out to be written is not refused for the plan: it is not known.
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
        """Let *pendings*, without an outcome for *cause*, be the next of their projects again."""
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


TOO_LATE = "not written before the deadline"
UNDECIDED = "what becomes of it was not known before the deadline"


class LeadWriter:
    """
    Writes captures in batches, from tasks of the process, never of a request.

    A request that goes away does not stop the write of its capture.
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
        """Refuse what is new, write what waits, and end; what is left then is refused."""
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
        # Whoever waited may be gone when an error comes; that is no news for the log.
        outcome.add_done_callback(lambda done: done.cancelled() or done.exception())
        pending = Pending(capture, deadline, outcome)
        self._queues.append(pending)
        self._arrived.set()
        try:
            async with asyncio.timeout(self._limits.deadline_seconds):
                return await asyncio.shield(outcome)
        except TimeoutError:
            pending.fail(error := StorageUnavailable(pending.cause or TOO_LATE))
            raise error from None

    async def _run(self) -> None:
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
        """There is room for others, and what it put back waits."""
        del self._under_way[writing]
        self._arrived.set()

    async def _write_and_live_on(self, batch: list[Pending]) -> None:
        """Whatever happens to one batch, its calls are answered."""
        try:
            await self._write(batch)
        except Exception as error:  # noqa: BLE001  the task must outlive any defect
            for pending in batch:
                pending.fail(error)

    def _form(self) -> list[Pending]:
        """The next batch; what is as good as past its deadline gets its 503 and is not written."""
        now = self._clock.monotonic()
        room = min(self._limits.batch, self._limits.under_way - sum(self._under_way.values()))
        batch: list[Pending] = []
        while len(batch) < room and (pending := self._queues.take()) is not None:
            if self._is_in_time(pending, now):
                batch.append(pending)
        return batch

    def _is_in_time(self, pending: Pending, now: float) -> bool:
        """Whether *pending* still waits for its answer; near its deadline it gets its 503."""
        if pending.deadline - now <= self._limits.least_seconds:
            pending.fail(StorageUnavailable(pending.cause or TOO_LATE))
        return not pending.outcome.done()

    async def _write(self, batch: list[Pending]) -> None:
        batch, limits = await self._with_limits(batch)
        if not batch:
            return
        month = Month.of(self._clock.now())
        captures = tuple(pending.capture for pending in batch)
        remaining = min(pending.deadline for pending in batch) - self._clock.monotonic()
        try:
            outcomes = await self._ledger.record(Batch(month, captures, limits), max(remaining, 0))
            answers = list(zip(batch, outcomes, strict=True))
        except StorageUnavailable as error:
            for pending in batch:
                pending.may_be_written = True
            self._queues.put_back(batch, str(error))
            await asyncio.sleep(self._limits.retry_pause_seconds)
        except Exception as error:  # noqa: BLE001  a defect must not spoil the neighbours
            if len(batch) == 1:
                batch[0].fail(error)
                return
            half = len(batch) // 2  # the cause is found in a few more writes
            await self._write(batch[:half])
            await self._write(batch[half:])
        else:
            undecided = [pending for pending, outcome in answers if not pending.answer(outcome)]
            self._queues.put_back(undecided, UNDECIDED)

    async def _with_limits(
        self, batch: list[Pending]
    ) -> tuple[list[Pending], dict[str, int | None]]:
        """
        What of *batch* may be written now, and each project's limit, at most two seconds old.

        The limits are read together, after the last await; what aged meanwhile waits for
        the next batch.
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
                pending.fail(InvalidApiKey())
                continue
            limits[project_id] = project.monthly_limit
            ready.append(pending)
        return ready, limits

    async def _refresh(self, batch: list[Pending]) -> None:
        """Ask the store for the settings that are not known; where it fails, so do the captures."""
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
