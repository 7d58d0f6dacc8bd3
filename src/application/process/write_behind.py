"""When things last happened, written down off the path of the requests."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping
from datetime import datetime
from itertools import islice
from typing import Generic, TypeVar

from application.process.background_task import BackgroundTask

Thing = TypeVar("Thing", bound=Hashable)

MOST_NOTED = 100_000
"""So many things may wait to be written; while the store is away, further ones are dropped."""


class WriteBehind(Generic[Thing]):
    """
    Remembers when each thing last happened, and writes that down every few seconds.

    Every process writes down what it saw itself, so two may write of one thing at the same time,
    in either order; and a write that was cut short is done again, though it may have arrived.
    Therefore *write* must take a moment twice, and must leave a later one that is kept.
    A process that is killed loses the moments of the last few seconds. No lead depends on them.
    """

    def __init__(
        self,
        write: Callable[[Mapping[Thing, datetime]], Awaitable[None]],
        *,
        every_seconds: float,
        most_noted: int = MOST_NOTED,
    ) -> None:
        self._write = write
        self._most_noted = most_noted
        self._written: Mapping[Thing, datetime] = {}
        self._noted: dict[Thing, datetime] = {}
        self._task = BackgroundTask(
            self.flush, every_seconds=every_seconds, name=type(self).__name__
        )

    def start(self) -> None:
        """Begin to write down what is noted; needs a running loop."""
        self._task.start()

    async def stop(self) -> None:
        """Write down what is left, and end."""
        await self._task.stop()
        await self.flush()

    def note_at(self, thing: Thing, moment: datetime) -> None:
        """
        Note that *thing* happened at *moment*.

        The caller cuts the moment to whole minutes or seconds: one that was just written down is
        not written again.
        """
        has_room = len(self._noted) < self._most_noted or thing in self._noted
        if has_room and self._written.get(thing) != moment:
            self._noted[thing] = moment

    async def flush(self) -> None:
        """Write down what was noted; what cannot be written now is tried the next time."""
        # What happens during the write goes into the new dictionary, and waits for the next one.
        noted, self._noted = self._noted, {}
        if not noted:
            return
        try:
            await self._write(noted)
        except asyncio.CancelledError:  # stop() cut it short, and flushes once more
            self._restore(noted)
            raise
        except Exception:  # noqa: BLE001  no call waits for this, and the next flush must come
            self._restore(noted)
        else:
            self._written = noted

    def _restore(self, noted: Mapping[Thing, datetime]) -> None:
        """Put back what was not written; what was noted meanwhile is later, and wins."""
        both = {**noted, **self._noted}
        self._noted = dict(islice(both.items(), self._most_noted))
