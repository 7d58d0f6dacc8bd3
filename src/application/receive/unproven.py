"""
How many deliveries are taken that nothing proves.

If a project has given a channel no secret, anybody who knows the webhook's URL can send anything.
It is taken, since the sender may be the real one. But such deliveries get only a share of the
process's time, and only so many of their items become leads.
"""

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from application.ports.clock import Clock
from domain.delivery import SMALL_BODY_BYTES
from domain.refusals import Overloaded

ITEMS_PER_MINUTE = 600
"""So many items of a project are taken in any minute; each further one is held."""
PAUSES = 20
"""The project's next delivery waits so many times as long as the work on this one took."""
LARGE_PAUSES = 150
"""
The same between two deliveries above `SMALL_BODY_BYTES`. So those of one project take less than
a hundredth of the time, and the slowest hundredth of all other calls is not slow because of them.
"""
RECEIVING_SECONDS_PER_BYTE = 1e-8
"""How long it took to receive a body, which was done before its turn: about 10 ms for a MiB."""
MOST_WAITING = 8
"""So many long deliveries of one project wait, each with its body in memory."""
LONGEST_WAIT_SECONDS = 3.0
"""A delivery that would wait longer is refused; its sender brings it again."""


@dataclass(slots=True)
class _Line:
    """
    The deliveries of one project that wait for their turn.

    Attributes:
        lock: Whose turn it is, in the order in which they came.
        waiting: How many wait or have their turn; while there are any, the line is not forgotten.
        next_at: The next one may begin at this moment (monotonic) or later.
        next_large_at: The same for the next large one.
    """

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0
    next_at: float = float("-inf")
    next_large_at: float = float("-inf")

    def comes_at(self, size: int) -> float:
        """When one of *size* bytes may begin; a large one keeps only large ones out for long."""
        return self.next_at if size <= SMALL_BODY_BYTES else max(self.next_at, self.next_large_at)


class Turns:
    """
    Lets in the long unproven deliveries of a project one after the other.

    Each process has its own: they limit how much of this process a flood takes, not of the store.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lines: dict[str, _Line] = {}

    @asynccontextmanager
    async def turn(self, project_id: str, size: int = 0) -> AsyncIterator[None]:
        """
        Wait for the project's turn with a body of *size* bytes; it lasts as long as the block.

        Raises:
            Overloaded: Too many wait already, or it would take too long.
        """
        # No await before it is counted: no other delivery can forget the line in between.
        line = self._lines.setdefault(project_id, _Line())
        self.refuse_crowd(project_id, size)
        line.waiting += 1
        try:
            async with line.lock:
                # Again: those before it may have taken much longer than it seemed at first.
                self._refuse_long_wait(line, size)
                await asyncio.sleep(max(0.0, line.comes_at(size) - self._clock.monotonic()))
                began = self._clock.monotonic()
                try:
                    yield
                finally:
                    now = self._clock.monotonic()
                    took = now - began + size * RECEIVING_SECONDS_PER_BYTE
                    line.next_at = now + took * PAUSES
                    if size > SMALL_BODY_BYTES:
                        line.next_large_at = now + took * LARGE_PAUSES
        finally:
            line.waiting -= 1
            if not line.waiting and len(self._lines) > MOST_WAITING:
                self._forget_idle()

    def refuse_crowd(self, project_id: str, size: int = 0) -> None:
        """
        Refuse a delivery of *size* bytes that would wait too long, before its body is received.

        Raises:
            Overloaded: Too many wait already, or it would take too long.
        """
        line = self._lines.get(project_id)
        if line is not None:
            if line.waiting >= MOST_WAITING:
                raise Overloaded(retry_after_seconds=1)
            self._refuse_long_wait(line, size)

    def _refuse_long_wait(self, line: _Line, size: int) -> None:
        wait = line.comes_at(size) - self._clock.monotonic()
        if wait > LONGEST_WAIT_SECONDS:
            raise Overloaded(retry_after_seconds=math.ceil(wait))

    def _forget_idle(self) -> None:
        """Forget the lines in which nobody waits and whose pauses are over."""
        now = self._clock.monotonic()
        self._lines = {
            name: line
            for name, line in self._lines.items()
            if line.waiting or max(line.next_at, line.next_large_at) > now
        }
