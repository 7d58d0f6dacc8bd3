"""
Captures that wait: for their turn, and for what becomes of them.

First one capture with the call behind it, then the queues in which captures wait for a batch, and
last the moment when a call has waited for long enough.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.capture import Capture, NotKept, NotKeptBecause, Outcome
from domain.errors import StorageUnavailable

TOO_LATE = "not written before the deadline"


@dataclass(slots=True, eq=False)
class Pending:
    """
    A capture on its way to the ledger, and the call that waits for its outcome.

    Attributes:
        deadline: From this moment (monotonic) on, no write that contains it begins.
        outcome: What the call waits for. It is cancelled where the call is: its client has gone,
            and the capture is written all the same.
        cause: Why it has no outcome yet; empty before the first try.
        may_be_written: Whether a try has ended and nobody knows if it wrote the capture.
    """

    capture: Capture
    deadline: float
    outcome: "asyncio.Future[Outcome]"
    cause: str = ""
    may_be_written: bool = False

    @property
    def is_answered(self) -> bool:
        """Whether the call has its outcome, or an error in its place."""
        return self.outcome.done() and not self.outcome.cancelled()

    def tried(self) -> None:
        """Note that a try has ended and nobody knows if it wrote the capture."""
        self.may_be_written = True
        self.capture = replace(self.capture, is_fresh=False)

    def fail(self, error: Exception) -> None:
        """Answer with *error*, unless nobody waits any more."""
        if not self.outcome.done():
            self.outcome.set_exception(error)
            # The call may go before it looks at the error, of which asyncio would make a log line.
            self.outcome.exception()

    def answer(self, outcome: Outcome) -> bool:
        """
        Answer with *outcome*, unless nobody waits any more; False if it is to be tried again.

        Where an earlier try ended without an answer, its insert may still be on its way through a
        slow server and land after this try found the month full. So this call gets a 503 and not
        a 429: the sender must not hear that there is no lead when there may be one in a moment.
        """
        because = outcome.because if isinstance(outcome, NotKept) else None
        if because is NotKeptBecause.UNDECIDED:
            return False
        if because is NotKeptBecause.PLAN_FULL and self.may_be_written:
            self.fail(StorageUnavailable(self.cause))
        elif not self.outcome.done():
            self.outcome.set_result(outcome)
        return True


class ProjectQueues:
    """A queue for each project; what is taken comes from each in turn."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, deque[Pending]] = OrderedDict()

    @property
    def waiting(self) -> int:
        """How many captures wait in all."""
        return sum(map(len, self._waiting.values()))

    @property
    def is_fresh(self) -> bool:
        """Whether nobody has tried to record any of what waits before (`Capture.is_fresh`)."""
        return all(one.capture.is_fresh for queue in self._waiting.values() for one in queue)

    def of(self, project_id: str) -> deque[Pending]:
        """The queue of the project, to append to it at once: an empty one is soon forgotten."""
        queue = self._waiting.get(project_id)
        if queue is None:
            queue = self._waiting[project_id] = deque()
        return queue

    def put_back(self, pendings: Sequence[Pending], cause: str) -> None:
        """Put *pendings* first in their queues again; *cause* says why they have no outcome."""
        for pending in reversed(pendings):
            pending.cause = cause
            self.of(pending.capture.project_id).appendleft(pending)

    def take(self, most: int = 1) -> list[Pending]:
        """The next ones, at most so many, from each project in turn; none if nothing waits."""
        taken: list[Pending] = []
        while self._waiting and len(taken) < most:
            project_id, queue = self._waiting.popitem(last=False)
            if not queue:
                continue
            if not self._waiting:  # nobody to take turns with
                while queue and len(taken) < most:
                    taken.append(queue.popleft())
            else:
                taken.append(queue.popleft())
            if queue:
                self._waiting[project_id] = queue
        return taken


class Deadlines:
    """
    Ends the waiting of calls, each after the same time: one timer is enough for all of them.

    A timer for each would be set and cancelled with every lead, and hardly ever fires.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._waiting: dict[Pending, float] = {}  # the first is the first whose time is over
        self._timer: asyncio.TimerHandle | None = None

    def watch(self, pending: Pending, loop: asyncio.AbstractEventLoop) -> None:
        """Answer *pending* with `StorageUnavailable` once its time is over, if nobody else did."""
        ends_at = self._waiting[pending] = loop.time() + self._seconds
        if self._timer is None:
            self._timer = loop.call_at(ends_at, self._end_overdue, loop)

    def forget(self, pending: Pending) -> None:
        """Its call has its answer, or is gone."""
        self._waiting.pop(pending, None)

    def _end_overdue(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = None
        for pending, ends_at in list(self._waiting.items()):
            if ends_at > loop.time():
                self._timer = loop.call_at(ends_at, self._end_overdue, loop)
                return
            del self._waiting[pending]
            pending.fail(StorageUnavailable(pending.cause or TOO_LATE))
