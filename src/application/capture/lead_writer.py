"""
Group commit: the one place where a process writes leads.

While one batch is being written, the captures that arrive wait and form the next one.
There is no timer: a lone capture is hardly delayed, and a busy process writes hundreds at once.
Where a write holds up all others, it waits for those whose calls are just being read, and shares
its price with them. But a replica set may write a batch at once, acknowledge it only seconds
later, and then acknowledge many batches together. So where the ledger is concurrent, a batch that
takes long holds up no other; and none takes nearly all of many captures, for until it is written
the process would have nothing to do.

First how much a writer takes on, then the writer; its methods stand in the order in which a
capture goes through them.
"""

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from application.capture.waiting import TOO_LATE, Deadlines, Pending, ProjectQueues
from application.keys.authenticate import NO_PROJECT
from application.ports.clock import Clock
from application.ports.lead_ledger import LeadLedger
from application.process.settings_cache import SettingsCache
from domain.capture import Batch, Capture, Outcome
from domain.errors import StorageUnavailable
from domain.plan import Month
from domain.project import Project
from domain.refusals import InvalidApiKey, Overloaded

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
            where the ledger is concurrent. Beside each further one it is twice as long: a store
            that takes seconds has a few dozen writes under way, and not hundreds.
        longest_patience_seconds: It is never longer.
        under_way: The most captures in all the writes that are under way at once.
        join_turns: For how many turns of the event loop a write waits for captures to join it,
            where the ledger is not concurrent. Calls that come together, as the next ones of
            clients that were all answered by one write, are read in a few turns.
        join_until: As soon as so many captures wait, it begins: each further one would hardly make
            the price of one less.
        undivided: Where the ledger is concurrent and more captures than this wait or are under way,
            a write takes at most half of them: while it is under way, the process reads and answers
            the calls of the others. This many or fewer are written together: a second write
            would cost more than that wait. So is all that waits, if any of it is not fresh: what
            is released, or came in one delivery, has an order, and of two writes beside each other
            the second may get the last places.
    """

    batch: int = 500
    queue: int = 2_000
    deadline_seconds: float = 2.0
    retry_pause_seconds: float = 0.05
    patience_seconds: float = 0.002
    longest_patience_seconds: float = 0.1
    under_way: int = 2_000
    join_turns: int = 5
    join_until: int = 64
    undivided: int = 32

    @property
    def least_seconds(self) -> float:
        """
        A capture that has no more time left than this is not tried.

        The whole batch must be written before the first of its captures runs out of time. So a
        capture with hardly any time left would leave the others too little.
        """
        return self.deadline_seconds / 20


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
        self._deadlines = Deadlines(self._limits.deadline_seconds)
        self._arrived = asyncio.Event()
        self._stopping = False
        self._task: asyncio.Task[None] | None = None
        self._under_way: dict[asyncio.Task[None], int] = {}

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
        while waiting := self._queues.take():
            for pending in waiting:
                unknown = StorageUnavailable(pending.cause)
                overloaded = Overloaded(retry_after_seconds=1)
                pending.fail(unknown if pending.may_be_written else overloaded)

    @property
    def is_busy(self) -> bool:
        """Whether any capture waits, or is being written; the plan may still refuse it."""
        return bool(self._under_way) or self._queues.waiting > 0

    async def write(self, capture: Capture) -> Outcome:
        """
        Record *capture* with the next batch.

        Raises:
            Overloaded: Its project's queue is full, or the process is ending; nothing was written.
            StorageUnavailable: Not known to be written before its deadline.
        """
        queue = self._queues.of(capture.project_id)
        if self._stopping or len(queue) >= self._limits.queue:
            raise Overloaded(retry_after_seconds=1)
        deadline = self._clock.monotonic() + self._limits.deadline_seconds
        loop = asyncio.get_running_loop()
        pending = Pending(capture, deadline, loop.create_future())
        queue.append(pending)
        self._deadlines.watch(pending, loop)
        self._arrived.set()
        try:
            return await pending.outcome
        finally:
            self._deadlines.forget(pending)

    async def _run(self) -> None:
        """
        Begin one write after the other, and sleep when there is nothing to write.

        No wake-up is lost: between a `_form()` that found nothing and `clear()` there is no
        await, so nothing can arrive or end unseen in between.
        """
        while True:
            if not self._ledger.is_concurrent:
                await self._let_others_join()
            batch = self._form()
            if batch:
                patience = self._patience_seconds()
                await asyncio.wait({self._begin(batch)}, timeout=patience)
            elif self._stopping and not self._under_way:
                return
            else:
                self._arrived.clear()
                await self._arrived.wait()

    async def _let_others_join(self) -> None:
        """Let the loop read the calls that are there, for a few turns, unless enough wait."""
        enough = min(self._limits.join_until, self._limits.batch)
        for _ in range(self._limits.join_turns):
            if not 0 < self._queues.waiting < enough:
                return
            await asyncio.sleep(0)

    def _patience_seconds(self) -> float | None:
        """How long the write that begins now may hold up the next one."""
        if not self._ledger.is_concurrent:
            return None
        limits, others = self._limits, min(len(self._under_way), 30)
        return min(limits.patience_seconds * (1 << others), limits.longest_patience_seconds)

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
        under_way = sum(self._under_way.values())
        room = min(self._limits.batch, self._limits.under_way - under_way)
        coming = self._queues.waiting + under_way
        is_much = self._ledger.is_concurrent and coming > self._limits.undivided
        if is_much and self._queues.is_fresh:
            room = min(room, (coming + 1) // 2)
        batch: list[Pending] = []
        while room > len(batch):
            taken = self._queues.take(room - len(batch))
            if not taken:
                break
            batch += self._in_time(taken)
        return batch

    def _in_time(self, pendings: Iterable[Pending]) -> list[Pending]:
        """Those that still wait; whose deadline is too near gets its 503 here."""
        too_near = self._clock.monotonic() + self._limits.least_seconds
        in_time: list[Pending] = []
        for pending in pendings:
            if pending.deadline <= too_near:
                pending.fail(StorageUnavailable(pending.cause or TOO_LATE))
            elif not pending.is_answered:
                in_time.append(pending)
        return in_time

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
        project_ids = {pending.capture.project_id for pending in batch}
        failures = await self._refresh(project_ids)
        known: dict[str, Project | None] = {}
        for project_id in project_ids:
            with suppress(KeyError):
                known[project_id] = self._projects.peek(project_id)
        ready: list[Pending] = []
        for pending in self._in_time(batch):
            project_id = pending.capture.project_id
            if project_id in failures:
                pending.fail(failures[project_id])
            elif project_id not in known:
                self._queues.of(project_id).append(pending)
            elif known[project_id] is None:
                pending.fail(InvalidApiKey(NO_PROJECT))
            else:
                ready.append(pending)
        limits = {one: found.monthly_limit for one, found in known.items() if found is not None}
        return ready, limits

    async def _refresh(self, project_ids: Iterable[str]) -> Mapping[str, Exception]:
        """Ask the store for the settings that are not known; why it did not answer, by project."""
        unknown = [one for one in project_ids if not self._projects.knows(one)]
        if not unknown:
            return {}
        asked = (self._projects.get(one) for one in unknown)
        answers = await asyncio.gather(*asked, return_exceptions=True)
        found = zip(unknown, answers, strict=True)
        return {one: answer for one, answer in found if isinstance(answer, Exception)}
