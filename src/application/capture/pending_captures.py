"""Captures that wait to be written, a queue for each project."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from application.ports.errors import StorageUnavailable
from application.ports.lead_ledger import Capture, NotKept, Outcome, Why


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

    def settle(self, outcome: Outcome) -> bool:
        """
        Answer with *outcome*, unless nobody waits any more; False if it is to be tried again.

        What may yet turn out to be written is not refused for the plan: it is not known.
        """
        if outcome == NotKept(Why.UNDECIDED):
            return False
        if outcome == NotKept(Why.PLAN_FULL) and self.may_be_written:
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
