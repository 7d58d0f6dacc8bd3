"""Work that a process does again and again beside its calls."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable


class BackgroundTask:
    """
    Pauses, then does its work, and begins anew until it is stopped.

    An error of the work ends the task: whoever gives it work handles what may go wrong.
    """

    def __init__(
        self, work: Callable[[], Awaitable[None]], *, every_seconds: float, name: str
    ) -> None:
        self._work = work
        self._every_seconds = every_seconds
        self._name = name
        self._running = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin with a pause; needs a running loop."""
        self._running = True
        self._task = asyncio.get_running_loop().create_task(self._run(), name=self._name)

    async def stop(self) -> None:
        """Cut the pause or the work short, and wait until it has ended."""
        # PyMongo now and then swallows a cancel(): then the work ends, and this ends the loop.
        self._running = False
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def _run(self) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            while self._running:
                await asyncio.sleep(self._every_seconds)
                await self._work()
