"""
Refused calls are held: those that come together in one write, as far as there is room.

Many calls are refused at once: a month is full on the day of a campaign, a page moved to a new
domain on Friday night. So they are gathered for a moment before each write.
"""

import asyncio
import logging
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from application.held.refused_call import refusal_line
from application.ports.clock import Clock
from application.ports.held_archive import HeldArchive
from application.ports.held_ledger import HeldLedger
from application.process.background_task import BackgroundTask
from domain.errors import StorageUnavailable
from domain.held import NO_ROOM, CannotBeHeld, HeldCall, HeldLimits, HeldRoom

ROOM_SECONDS = 1.0
"""How long what the store said of a project's room is believed; what is held meanwhile is added."""
MOST_WAITING, LARGEST_WAITING = 2_000, 64 * 2**20
"""So many calls, and bytes, wait to be written in this process; then no more is held."""
LARGEST_BATCH = 200
GATHER_SECONDS = 0.003
"""So long calls are gathered before a write, unless enough for the largest batch wait already."""
MOST_LINES = 1_000
"""So many lines wait to be written; then new ones are left out."""
MOST_ORIGINS = 50
"""So many origins of a project and code have a line of their own in a minute; the rest has one."""
LINES_SECONDS = 1.0

NOTHING = HeldRoom(0, 0)
_Key = tuple[str, str]
"""A project and a code."""

log = logging.getLogger("swiftcrm.held")


@dataclass(slots=True)
class _Room:
    """
    What the store said of one code of a project, with all that was taken and may be missing.

    Attributes:
        once: That of each call that took room since: who sends the same again takes none.
    """

    held: HeldRoom
    read_at: float
    once: set[str] = field(default_factory=set)


@dataclass(slots=True, frozen=True)
class _Waiting:
    """
    A call that waits to be written; one without room is only counted, if it is held already.

    Attributes:
        alone: The room that it would take by itself.
        taken: The room that it takes in its project: none of what says the same as another one
            that took room a moment ago. None where there is no room.
    """

    call: HeldCall
    alone: HeldRoom
    taken: HeldRoom | None
    is_held: asyncio.Future[bool]


class HoldRefused:
    """
    Holds refused calls durably, and counts those that are only noted.

    Each process keeps the bounds of a project and code for itself, from what the store says once a
    second, and from what it has taken itself. So several processes may together exceed them by
    what the others hold within that second.
    """

    def __init__(
        self,
        held: HeldLedger,
        archive: HeldArchive,
        clock: Clock,
        limits: HeldLimits,
    ) -> None:
        self._limits = limits
        self._held = held
        self._archive = archive
        self._clock = clock
        self._rooms: dict[_Key, _Room] = {}
        self._readings: dict[_Key, asyncio.Task[_Room]] = {}
        self._waiting: deque[_Waiting] = deque()
        self._all_coming = NOTHING
        self._coming: defaultdict[_Key, HeldRoom] = defaultdict(lambda: NOTHING)
        self._writing: asyncio.Task[None] | None = None
        self._lines: dict[tuple[str, str], HeldCall] = {}
        self._minute = ""
        self._origins: defaultdict[_Key, set[str | None]] = defaultdict(set)
        self._lines_task = BackgroundTask(
            self._write_lines, every_seconds=LINES_SECONDS, name="lines of refused calls"
        )

    def start(self) -> None:
        """Begin to write down lines; needs a running loop."""
        self._lines_task.start()

    async def stop(self) -> None:
        """Write what is left, and end."""
        await self._lines_task.stop()
        if self._writing is not None:
            await asyncio.wait({self._writing})
        await self._write_lines()
        if self._lines:
            log.warning("held.lines_lost %d", sum(line.times for line in self._lines.values()))

    async def hold(self, call: HeldCall) -> bool:
        """
        Whether *call* is held by now, durably.

        It is not where the project holds too much already, or this process has too much to write.
        One that waits already needs no room: it is counted.

        Raises:
            StorageUnavailable: The store did not confirm it; it may be held.
        """
        alone = HeldRoom(1, call.size)
        coming = self._all_coming + alone
        if coming.calls > MOST_WAITING or coming.size > LARGEST_WAITING:
            self.note(no_room_line(call))
            return False
        self._all_coming = coming  # before the first await, behind which all others would pass too
        try:
            taken = await self._takes_room(call, alone)
        except BaseException:  # also a caller who goes away: its call will not be written
            self._all_coming -= alone
            raise
        is_held = await self._written(call, alone, taken)
        if not is_held:
            self.note(no_room_line(call))
        return is_held

    def note(self, line: HeldCall) -> None:
        """Count a refusal that is only noted; written down within a second, and not waited for."""
        minute = f"{line.at:%Y-%m-%dT%H:%M}"
        if minute != self._minute:
            self._minute = minute
            self._origins.clear()
        origins = self._origins[line.project_id, line.code]
        if line.origin not in origins and len(origins) >= MOST_ORIGINS:
            line = replace(line, origin=None, once=f"{line.code} {minute}")
        origins.add(line.origin)
        self._add_line(line)

    def _add_line(self, line: HeldCall) -> None:
        key = (line.project_id, line.once)
        if (known := self._lines.get(key)) is not None:
            last_at = max(known.last_at or known.at, line.last_at or line.at)
            self._lines[key] = replace(known, times=known.times + line.times, last_at=last_at)
        elif len(self._lines) < MOST_LINES:
            self._lines[key] = line

    async def _takes_room(self, call: HeldCall, alone: HeldRoom) -> HeldRoom | None:
        """The room that *call* takes in its project; None if there is none."""
        room = await self._room(call.project_id, call.code)
        if call.once in room.once:
            return NOTHING
        held = room.held + alone
        if not self._limits.has_room(call.code, held):
            return None
        room.held = held
        room.once.add(call.once)
        return alone

    async def _written(self, call: HeldCall, alone: HeldRoom, taken: HeldRoom | None) -> bool:
        """Wait until *call* is written, together with others. Returns whether it is held."""
        is_held: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(call, alone, taken, is_held))
        if taken is not None:
            self._coming[call.project_id, call.code] += taken
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write(), name="holding refused calls")
        return await is_held

    async def _room(self, project_id: str, code: str) -> _Room:
        """What is held under this project and code; however many ask, the store is asked once."""
        key = (project_id, code)
        room = self._rooms.get(key)
        if room is not None and self._clock.monotonic() - room.read_at < ROOM_SECONDS:
            return room
        reading = self._readings.get(key)
        if reading is None:
            reading = asyncio.create_task(self._read_room(*key), name="reading a room")
            self._readings[key] = reading
        return await asyncio.shield(reading)

    async def _read_room(self, project_id: str, code: str) -> _Room:
        key = (project_id, code)
        try:
            began, coming = self._clock.monotonic(), self._coming.get(key, NOTHING)
            # What is being written may be in the answer or not: for a second a project may seem
            # fuller than it is. It seems emptier only by calls whose first write has just failed
            # while their senders' next tries wait to be written.
            self._rooms[key] = room = _Room(await self._archive.room(*key) + coming, began)
            return room
        finally:
            del self._readings[key]

    async def _write(self) -> None:
        """Write until nothing waits; what comes meanwhile waits for the next round."""
        while self._waiting:
            if len(self._waiting) < LARGEST_BATCH:
                await asyncio.sleep(GATHER_SECONDS)
            count = min(LARGEST_BATCH, len(self._waiting))
            batch = [self._waiting.popleft() for _ in range(count)]
            try:
                for has_room in (True, False):
                    some = [one for one in batch if (one.taken is not None) is has_room]
                    if some:
                        await self._write_some(some, has_room=has_room)
            finally:
                self._have_come(batch)

    async def _write_some(self, waiting: Sequence[_Waiting], *, has_room: bool) -> None:
        """Write them together, and let each caller hear whether its own call is held."""
        calls = [one.call for one in waiting]
        answers: dict[str, bool | Exception]
        try:
            held = await self._held.hold_or_count(calls, has_room=has_room)
            answers = {call.held_id: call.held_id in held for call in calls}
        except CannotBeHeld as error:
            answers = {call.held_id: True for call in calls} | dict.fromkeys(error.held_ids, error)
        except Exception as error:  # noqa: BLE001  it is each caller's to handle
            answers = {call.held_id: error for call in calls}
        for one in waiting:
            answer = answers[one.call.held_id]
            if one.is_held.done():
                continue  # its caller went away
            if isinstance(answer, Exception):
                one.is_held.set_exception(answer)
            else:
                one.is_held.set_result(answer)

    def _have_come(self, batch: Iterable[_Waiting]) -> None:
        for one in batch:
            self._all_coming -= one.alone
            if one.taken is None:
                continue
            key = (one.call.project_id, one.call.code)
            self._coming[key] -= one.taken
            if self._coming[key] == NOTHING:
                del self._coming[key]

    async def _write_lines(self) -> None:
        """Write the lines; those that could not be written, or were cut short, come again."""
        lines, self._lines = self._lines, {}
        if not lines:
            return
        try:
            await self._held.hold_or_count(list(lines.values()))
        except (StorageUnavailable, asyncio.CancelledError) as error:
            for line in lines.values():
                self._add_line(line)
            if isinstance(error, asyncio.CancelledError):
                raise
        except Exception:
            log.exception("held.defect")


def no_room_line(call: HeldCall) -> HeldCall:
    """The line that counts what a project has no room to hold under the code of *call*."""
    return refusal_line(
        call.project_id, NO_ROOM, at=call.at, request_id=call.request_id, origin=call.code
    )
