"""Whether the server takes work, as far as this process knows."""

import asyncio
import contextvars
import time
from collections.abc import Awaitable, Callable, Sequence

import structlog

from domain.errors import Advice, PortError, StoreUnusable

TRY_EVERY_SECONDS = 0.5
"""
How often a server that is away is asked whether it is back.

From the beginning of one try to that of the next: as long as a try lasts, the driver waits for a
primary and finds it at once, and a pause after it would be time in which nobody looks.
"""

log = structlog.get_logger("swiftcrm.store")

Attempt = Callable[[], Awaitable[bool]]


class Presence:
    """
    Remembers that the server is away, and asks it again and again until it is back.

    Many calls fail at the same moment when a server goes. The first starts one task, which asks;
    the others find it running. Meanwhile `absence` says why work is refused, so nobody else asks.

    Attributes:
        absence: Why work is refused at once; empty while the server is there.
        refusal: The last thing that a try found and that waiting does not help against.
        tried: Set once a try is over.
    """

    def __init__(
        self, attempt: Attempt, absence: str, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.absence = absence
        self.refusal: StoreUnusable | None = None
        self.tried = asyncio.Event()
        self._attempt = attempt
        self._monotonic = monotonic
        self._task: asyncio.Task[None] | None = None
        self._said = ""
        self._is_silent = True

    def speak(self) -> None:
        """From now on a line in the log says when the server is away, and when it is back."""
        self._is_silent = False

    def wait_for_it(self, cause: str) -> None:
        """Work is refused from now on, for *cause*, until the server is back."""
        self.absence = cause
        self._start()

    def ask_for_it(self, cause: str) -> None:
        """Ask it in the background; only if it does not answer, it is away for *cause*."""
        self._start(cause)

    async def end(self, absence: str) -> None:
        """Ask no more, and refuse all work, for *absence*."""
        self.absence = absence
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    def _start(self, suspicion: str = "") -> None:
        if self._task is None or self._task.done():
            # In a new context: the time bound of the work that failed (`pymongo.timeout`) stands
            # in the context of that work, and would bound this task, too.
            self._task = asyncio.get_running_loop().create_task(
                self._until_it_is_back(suspicion), name="mongodb", context=contextvars.Context()
            )

    async def _until_it_is_back(self, suspicion: str) -> None:
        while suspicion or self.absence:
            cause, event = "", ""
            advice: Sequence[Advice] = ()
            next_try = self._monotonic() + TRY_EVERY_SECONDS
            try:
                if not await self._attempt():
                    cause, event = self.absence or suspicion, "store.away"
            except StoreUnusable as error:
                cause, event, self.refusal = str(error), "store.unusable", error
                advice = error.advice
            except Exception as error:  # noqa: BLE001  whatever went wrong, the next try must come
                cause, event = str(error) or type(error).__name__, "store.away"
                advice = error.advice if isinstance(error, PortError) else ()
            suspicion, self.absence = "", cause
            self.tried.set()
            self._say(event, cause, advice)
            if cause:
                await asyncio.sleep(max(next_try - self._monotonic(), 0))

    def _say(self, event: str, cause: str, advice: Sequence[Advice]) -> None:
        """Log it once for each change; not that the server is there at the start."""
        if event != self._said and not self._is_silent:
            if event:
                log.error(event, cause=cause, advice=advice)
            else:
                log.info("store.back")
        self._said = event
