"""
What was held becomes leads, whoever asks for it: an operator, a raised limit, a listed number.

`ReleaseHeld` does it. What it counts and the results that it sorts by stand before it, small
helpers after it.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from application.capture.lead_writer import LeadWriter
from application.held.alike import Alike, find_alike
from application.held.arrivals import Arrivals, Arrived
from application.held.hold import to_capture, wait_together
from application.ports.held_archive import HeldArchive
from application.ports.held_ledger import HeldLedger
from application.ports.lead_channel import LeadChannel
from domain.capture import Capture, Kept, NotKept, NotKeptBecause, Outcome
from domain.errors import StorageUnavailable
from domain.held import (
    LINES,
    PLAN_LIMIT_REACHED,
    UNREADABLE,
    WEBHOOK_CODES,
    HeldCall,
    HeldQuery,
)
from domain.lead import REST
from domain.refusals import Refusal

PAGE = 100
"""So many held calls are read and recorded together; each may be some megabytes."""

Prepare = Callable[[HeldCall], Awaitable[Capture | None]]
"""Says what is to be recorded of a held call now; None leaves the call as it is."""

log = logging.getLogger("swiftcrm.held")


@dataclass(frozen=True, slots=True)
class ReleaseCount:
    """
    How many held calls were released, and how many of those that were tried wait on.

    Of those that wait on, *without_place* found no place in this month. *arrived* were not tried:
    their persons came in meanwhile.
    """

    released: int = 0
    still_held: int = 0
    without_place: int = field(default=0, compare=False)
    arrived: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Attempt:
    """
    A held call that is to be released now.

    Attributes:
        capture: What is recorded.
        alike: All that becomes the same lead.
    """

    call: HeldCall
    capture: Capture
    alike: Alike


class ReleaseResult(Enum):
    """What became of a held call."""

    RELEASED = auto()
    WAITS = auto()
    WAITS_FOR_A_PLACE = auto()
    """The month is full, whatever it is held for."""
    CANNOT_BE_WRITTEN = auto()


class ReleaseHeld:
    """
    Turn held calls into leads, oldest first, each once and with its original time.

    - A lead takes a place of the month in which it is released.
    - What still finds no place waits on: an item of a webhook for the plan, as if it had come in a
      full month; a call of the lead path under its own code, which its sender heard, and under
      which its next tries are counted. An edit waits with its message.
    - What could not be read becomes a lead of what could be read, with the whole text beside it.
    - What cannot be written, also for a defect of ours, is held as unreadable from now on.
    - Calls that say the same are one lead, and go together, whichever of them is asked for.

    Every process releases, and an operator may do it by hand at the same moment; they do not
    agree on who does. A held call is recorded first and removed after that. So two may record it:
    it has the same capture id in both, and the ledger makes one lead of it. And a process that is
    killed in between leaves a lead whose held call is still there: the next one records it again,
    finds the lead, and removes the call. The other way round a kill would lose the person.
    """

    def __init__(
        self,
        archive: HeldArchive,
        held: HeldLedger,
        writer: LeadWriter,
        channels: Mapping[str, LeadChannel],
        arrivals: Arrivals,
    ) -> None:
        self._channels = channels
        self._arrivals = arrivals
        self._archive = archive
        self._held = held
        self._writer = writer

    async def __call__(
        self, query: HeldQuery, prepare: Prepare | None = None, arrived: Arrived | None = None
    ) -> ReleaseCount:
        """
        Release what *query* finds: as *prepare* says, else all of it in its own project.

        *arrived* has been looking for the persons of all that may have come in since; None if
        nobody has looked yet.

        Raises:
            StorageUnavailable, Overloaded: Some of it was released; the rest waits on.
        """
        released = waiting = without_place = found_arrived = 0
        after = None
        arrived = arrived or await self._arrived(query)
        while page := await self._archive.page(query, after=after, limit=PAGE):
            after = page[-1].held_id
            came_in = {} if arrived is None else await arrived.of(page)
            calls = [call for call in page if call.held_id not in came_in]
            attempts = await self._attempts(query.project_id, calls, prepare)
            results = await self._release(query.project_id, attempts)
            found_arrived += len(came_in)
            released += len(_all_alike(results[ReleaseResult.RELEASED]))
            waiting += len(attempts) - len(results[ReleaseResult.RELEASED])
            without_place += len(results[ReleaseResult.WAITS_FOR_A_PLACE])
        if released:
            log.info("held.released %s %d", query.project_id, released)
        return ReleaseCount(released, waiting, without_place, found_arrived)

    async def _arrived(self, query: HeldQuery) -> Arrived | None:
        """
        Who of those that *query* finds came in meanwhile; None if nobody can have.

        They are released by the ids of their calls alone. Webhook items know their persons.
        """
        if query.held_ids is not None or query.but_channel == REST or query.code in WEBHOOK_CODES:
            return None
        return await self._arrivals.among(query)

    async def _attempts(
        self, project_id: str, calls: Sequence[HeldCall], prepare: Prepare | None
    ) -> Sequence[Attempt]:
        """What is tried of *calls*: of each, what came first of all that says the same."""
        prepared = await _prepared(calls, prepare)
        alike = await find_alike(self._archive, project_id, [call for call, _ in prepared])
        return [
            Attempt(call, self._with_what_belongs_together(_as_first(same, call, capture)), same)
            for call, capture in prepared
            if (same := alike.get(call.held_id))  # else it was released meanwhile
        ]

    def _with_what_belongs_together(self, capture: Capture) -> Capture:
        """Say what belongs together as the channel says it now: an older version held without."""
        channel = self._channels.get(capture.channel)
        if channel is None:
            return capture
        return replace(capture, together=tuple(channel.belong_together))

    async def _release(
        self, project_id: str, attempts: Sequence[Attempt]
    ) -> Mapping[ReleaseResult, Sequence[Attempt]]:
        """
        Record *attempts* together, then go on holding each call or not, as its outcome says.

        All are tried, and what became of them is stored, before the first error is raised: a
        call that failed keeps none of its neighbours among what is held.
        """
        answers = await asyncio.gather(
            *(self._write(attempt.capture) for attempt in attempts), return_exceptions=True
        )
        tried: list[tuple[Attempt, Outcome]] = []
        failures: list[BaseException] = []
        for attempt, answer in zip(attempts, answers, strict=True):
            if isinstance(answer, BaseException) and not _is_a_defect(answer):
                failures.append(answer)
            else:
                tried.append((attempt, _outcome(answer)))
        results: dict[ReleaseResult, list[Attempt]] = defaultdict(list)
        for (attempt, _), outcome in zip(tried, await self._outcomes(tried), strict=True):
            results[_result_of(attempt.call, outcome)].append(attempt)
        await self._update_held(project_id, results)
        if failures:
            raise failures[0]
        return results

    async def _write(self, capture: Capture) -> Outcome:
        """
        Record *capture*; under a key that another lead has by now, it is a lead without a key.

        The same if two were held under one key: the second caller never learned that it was used.
        """
        outcome = await self._writer.write(capture)
        if outcome == NotKept(NotKeptBecause.KEY_REUSED):
            outcome = await self._writer.write(replace(capture, idempotency=None))
        return outcome

    async def _outcomes(self, tried: Sequence[tuple[Attempt, Outcome]]) -> Sequence[Outcome]:
        """
        The outcomes, where an edit waits with a message that found no place.

        Where all are held for the plan already, the edits among them wait as they are.
        """
        if all(attempt.call.code == PLAN_LIMIT_REACHED for attempt, _ in tried):
            return [outcome for _, outcome in tried]
        recorded = [(attempt.capture, outcome) for attempt, outcome in tried]
        return await wait_together(self._archive, recorded)

    async def _update_held(
        self, project_id: str, results: dict[ReleaseResult, list[Attempt]]
    ) -> None:
        """
        Store what became of the calls: moved to another code, to another project, or gone.

        What belongs to another project and finds no place there is held there first and removed
        here after that. A kill in between leaves it in both: whichever is released first makes
        the lead, and the other finds that lead by its id.
        """
        lasting = (PLAN_LIMIT_REACHED, UNREADABLE)
        waiting = [
            one
            for one in results[ReleaseResult.WAITS_FOR_A_PLACE]
            if one.call.code not in lasting and one.call.channel != REST
        ]
        elsewhere = [one for one in waiting if one.capture.project_id != project_id]
        if elsewhere:
            await self._held.hold([_in_its_project(one) for one in elsewhere])
        moves = {
            PLAN_LIMIT_REACHED: [one for one in waiting if one not in elsewhere],
            UNREADABLE: results[ReleaseResult.CANNOT_BE_WRITTEN],
        }
        for code, attempts in moves.items():
            if attempts:
                await self._held.move(project_id, [one.call.held_id for one in attempts], code)
        if gone := results[ReleaseResult.RELEASED] + elsewhere:
            await self._remove(project_id, gone)

    async def _remove(self, project_id: str, gone: Sequence[Attempt]) -> None:
        """
        Hold them no longer, nor what says the same; the first of these goes last.

        A process that is killed in between leaves the first one, whose id the lead has. Nor does
        anybody who reads in between, the oldest first, find another one without it.
        """
        first = {one.alike[0].held_id for one in gone}
        for held_ids in (_all_alike(gone) - first, first):
            if held_ids:
                await self._held.remove(project_id, list(held_ids))


async def _prepared(
    calls: Sequence[HeldCall], prepare: Prepare | None
) -> Sequence[tuple[HeldCall, Capture]]:
    calls = [call for call in calls if call.code not in LINES]
    if prepare is None:
        return [(call, to_capture(call)) for call in calls]
    captures = [(call, await prepare(call)) for call in calls]
    return [(call, capture) for call, capture in captures if capture is not None]


def _as_first(alike: Alike, call: HeldCall, capture: Capture) -> Capture:
    """What becomes of *call*: *capture*, or that of an earlier one that says the same."""
    first = alike[0]
    if first.held_id == call.held_id:
        return capture
    return replace(to_capture(first), opens_lead=capture.opens_lead)


def _result_of(call: HeldCall, outcome: Outcome) -> ReleaseResult:
    if isinstance(outcome, Kept):
        return ReleaseResult.RELEASED
    concerns_nobody = (
        outcome.because is NotKeptBecause.NOBODY_KNOWN and not to_capture(call).opens_lead
    )
    if concerns_nobody and call.code != PLAN_LIMIT_REACHED:
        return ReleaseResult.RELEASED
    if outcome.because is NotKeptBecause.PLAN_FULL:
        return ReleaseResult.WAITS_FOR_A_PLACE
    if outcome.because is NotKeptBecause.UNWRITABLE and call.code != UNREADABLE:
        return ReleaseResult.CANNOT_BE_WRITTEN
    return ReleaseResult.WAITS


def _in_its_project(attempt: Attempt) -> HeldCall:
    capture = attempt.capture
    return replace(
        attempt.call, project_id=capture.project_id, code=PLAN_LIMIT_REACHED, capture=capture
    )


def _all_alike(attempts: Sequence[Attempt]) -> AbstractSet[str]:
    """The ids of all that becomes a lead together with *attempts*."""
    return {one.held_id for attempt in attempts for one in attempt.alike}


def _is_a_defect(failure: BaseException) -> bool:
    return isinstance(failure, Exception) and not isinstance(failure, StorageUnavailable | Refusal)


def _outcome(answer: Outcome | BaseException) -> Outcome:
    """The outcome; a call that meets a defect of ours counts as one that cannot be written."""
    if not isinstance(answer, BaseException):
        return answer
    log.error("held.defect", exc_info=answer)
    return NotKept(NotKeptBecause.UNWRITABLE)
