"""What takes long on the bodies of deliveries, out of the way of all other calls."""

import asyncio
import gc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from domain.refusals import InvalidJson

T = TypeVar("T")

SHORT_BODY_BYTES = 4 * 1024
"""Read where it stands: a thread would take longer than the work."""
MOST_CONTAINERS = 300_000
"""Objects and lists in one body, each of which takes a hundred bytes or two of memory."""


class BodyReader:
    """
    Works on bodies one at a time, in a thread of its own.

    So no body keeps the event loop, and the memory that reading takes is that of one body,
    however many come together.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="body-reader")

    async def __call__(self, body: bytes, work: Callable[[], T]) -> T:
        """
        What *work* makes of *body*.

        Raises:
            InvalidJson: It has more objects and lists than any sender writes.
            Exception: Any that *work* raises.
        """
        if len(body) <= SHORT_BODY_BYTES:
            return work()
        return await asyncio.get_running_loop().run_in_executor(self._thread, _work, body, work)


def _work(body: bytes, work: Callable[[], T]) -> T:
    if body.count(b"{") + body.count(b"[") > MOST_CONTAINERS:
        raise InvalidJson
    # Python's search for cycles stops every thread, and would look at each of the many
    # objects again and again while they are made. JSON has no cycles.
    gc.disable()
    try:
        return work()
    finally:
        gc.enable()
