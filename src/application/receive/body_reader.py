"""Reads and checks the bodies of deliveries without holding up all other calls."""

import asyncio
import gc
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType
from typing import TypeVar

from domain.refusals import InvalidJson

T = TypeVar("T")

SHORT_BODY_BYTES = 4 * 1024
"""A body of this size is read at once: to hand it to a thread would take longer."""
MOST: Mapping[bytes, int] = MappingProxyType(
    {
        b"{[,:": 500_000,  # objects, lists, members: each takes time, and a hundred bytes or two
        b"\\": 800_000,  # escapes, of which 4 MiB hold 700,000 where every character is one
    }
)
"""
How many of these bytes a body may have, those in texts included. No sender needs nearly so many.
A body with more would take hundreds of megabytes to read, and stop every other thread meanwhile.
"""


class BodyReader:
    """
    Works on bodies one at a time, in a thread of its own.

    So no body blocks the event loop, and reading needs the memory of one body only, however many
    come at the same time.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="body-reader")

    async def __call__(self, body: bytes, work: Callable[[], T]) -> T:
        """
        What *work* makes of *body*.

        Raises:
            InvalidJson: It is denser than anything that a sender writes.
            Exception: Any that *work* raises.
        """
        if len(body) <= SHORT_BODY_BYTES:
            return work()
        return await asyncio.get_running_loop().run_in_executor(self._thread, _work, body, work)


def _work(body: bytes, work: Callable[[], T]) -> T:
    for signs, most in MOST.items():
        if sum(body.count(sign) for sign in signs) > most:
            raise InvalidJson
    # Python's search for cycles stops every thread, and would look at each of the many
    # objects again and again while they are made. JSON has no cycles.
    gc.disable()
    try:
        return work()
    finally:
        gc.enable()
