"""What the tests of a ledger say again and again."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from application.ports.lead_archive import LeadArchive
from application.ports.lead_ledger import LeadLedger
from domain.capture import Batch, Capture, Kept, KeptAs, NotKept, NotKeptBecause, Outcome
from domain.lead import Lead
from domain.leads.query import LeadQuery
from domain.plan import Month
from domain.project import Project
from tests.support.builders import NOW, a_capture

NOVEMBER = Month.of(NOW)
DECEMBER = NOVEMBER.next()
LONG_ENOUGH_SECONDS = 60.0
"""No test waits so long: it is there so that a slow machine is no failure."""

PLAN_FULL = NotKept(NotKeptBecause.PLAN_FULL)
KEY_REUSED = NotKept(NotKeptBecause.KEY_REUSED)
NOBODY_KNOWN = NotKept(NotKeptBecause.NOBODY_KNOWN)
UNDECIDED = NotKept(NotKeptBecause.UNDECIDED)
UNWRITABLE = NotKept(NotKeptBecause.UNWRITABLE)

MakeHole = Callable[[Project, Month, int], Awaitable[None]]
"""Frees one place of a month, as a writer does that took it and died."""

PassTime = Callable[[float], None]
"""As if so many seconds had gone by in every process; nothing to do where none remembers."""

_tried: set[str] = set()


class FirstTries(LeadLedger):
    """Gives its ledger captures as a process does: nobody has tried them before the first time."""

    def __init__(self, inner: LeadLedger) -> None:
        self._inner = inner

    async def record(self, batch: Batch, timeout_seconds: float) -> Sequence[Outcome]:
        captures = []
        for capture in batch.captures:
            captures.append(replace(capture, is_fresh=capture.capture_id not in _tried))
            _tried.add(capture.capture_id)
        return await self._inner.record(replace(batch, captures=captures), timeout_seconds)


Limits = int | None | Mapping[str, int | None]


def a_batch(captures: Iterable[Capture], limit: Limits = None, month: Month = NOVEMBER) -> Batch:
    """*limit* is every project's, or each one's by id."""
    captures = tuple(captures)
    projects = {capture.project_id for capture in captures}
    limits = limit if isinstance(limit, Mapping) else dict.fromkeys(projects, limit)
    return Batch(month, captures, limits)


async def record(
    ledger: LeadLedger, *captures: Capture, limit: Limits = None, month: Month = NOVEMBER
) -> list[Outcome]:
    """The outcomes; what is undecided is recorded again."""
    outcomes = list(await ledger.record(a_batch(captures, limit, month), LONG_ENOUGH_SECONDS))
    open_ones = [number for number, one in enumerate(outcomes) if one == UNDECIDED]
    if open_ones:
        again = await record(ledger, *(captures[n] for n in open_ones), limit=limit, month=month)
        for number, outcome in zip(open_ones, again, strict=True):
            outcomes[number] = outcome
    return outcomes


async def record_one(
    ledger: LeadLedger, capture: Capture, *, limit: Limits = None, month: Month = NOVEMBER
) -> Outcome:
    (outcome,) = await record(ledger, capture, limit=limit, month=month)
    return outcome


async def fill(
    ledger: LeadLedger, project: Project, places: int, *, limit: Limits = None
) -> list[Outcome]:
    """So many leads that count; nobody is refused yet."""
    captures = [a_capture(project) for _ in range(places)]
    return await record(ledger, *captures, limit=limit)


async def leads_of(archive: LeadArchive, project: Project) -> Sequence[Lead]:
    return await archive.page(LeadQuery(project_id=project.project_id), after=None, limit=1000)


def lead_id_of(outcome: Outcome) -> int:
    assert isinstance(outcome, Kept), outcome
    return outcome.lead_id


def hows(outcomes: Iterable[Outcome]) -> list[KeptAs | NotKeptBecause]:
    """How or why, in the order of the outcomes."""
    return [
        outcome.kept_as if isinstance(outcome, Kept) else outcome.because for outcome in outcomes
    ]


def kept(outcomes: Iterable[Outcome]) -> list[Kept]:
    return [outcome for outcome in outcomes if isinstance(outcome, Kept)]
