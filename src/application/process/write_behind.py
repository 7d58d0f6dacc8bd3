"""When things last happened, written down off the path of the requests."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping
from datetime import datetime
from itertools import islice
from typing import Generic, TypeVar

from application.process.background_task import BackgroundTask

Thing = TypeVar("Thing", bound=Hashable)

MOST_NOTED = 100_000
"""Things noted and not written down yet; beyond, while the store is away, new ones are dropped."""


class WriteBehind(Generic[Thing]):
    """
    Remembers the last moment of each thing, and writes it down every few seconds.

    *write* may be given a moment twice, and must let a later one that is kept stay.
    What a process had not written down when it was killed is lost; nobody would miss it.
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
        """It happened at this *moment*, which is cut to what shall be told apart."""
        has_room = len(self._noted) < self._most_noted or thing in self._noted
        if has_room and self._written.get(thing) != moment:
            self._noted[thing] = moment

    async def flush(self) -> None:
        """Write down what was noted; what cannot be written now is tried the next time."""
        noted, self._noted = self._noted, {}
        if not noted:
            return
        try:
            await self._write(noted)
        except asyncio.CancelledError:  # the end came first, and writes it down again
            self._restore(noted)
            raise
        except Exception:  # noqa: BLE001  nobody waits for this, and the next flush must come
            self._restore(noted)
        else:
            self._written = noted

    def _restore(self, noted: Mapping[Thing, datetime]) -> None:
        both = {**noted, **self._noted}
        self._noted = dict(islice(both.items(), self._most_noted))
