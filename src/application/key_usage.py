"""When keys were last used, noted off the path of the requests."""

import asyncio
import contextlib
from datetime import datetime

from application.ports.clock import Clock
from application.ports.key_register import KeyRegister

FLUSH_EVERY_SECONDS = 10.0


class KeyUsage:
    """
    Remembers the minute in which each key was last used, and writes it down now and then.

    What a process had not written down when it was killed is lost; nobody would miss it.
    """

    def __init__(self, keys: KeyRegister, clock: Clock) -> None:
        self._keys = keys
        self._clock = clock
        self._written: dict[str, datetime] = {}
        self._noted: dict[str, datetime] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to write down what is noted; needs a running loop."""
        self._task = asyncio.get_running_loop().create_task(self._run(), name="key-usage")

    async def stop(self) -> None:
        """Write down what is left, and end."""
        if self._task is not None:
            self._task.cancel()
        await self.flush()

    def note(self, key_id: str) -> None:
        """This key opened a door just now."""
        minute = self._clock.now().replace(second=0, microsecond=0)
        if self._written.get(key_id) != minute:
            self._noted[key_id] = minute

    async def flush(self) -> None:
        """Write down what was noted; what cannot be written now is tried the next time."""
        noted, self._noted = self._noted, {}
        if not noted:
            return
        try:
            await self._keys.mark_used(noted)
        except Exception:  # noqa: BLE001  nobody waits for this, and the next flush must come
            self._noted = noted | self._noted
        else:
            self._written = noted

    async def _run(self) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            while True:
                await asyncio.sleep(FLUSH_EVERY_SECONDS)
                await self.flush()
