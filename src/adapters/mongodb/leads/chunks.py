"""The places of a month in chunks, and which of them are taken for good."""

from collections.abc import Iterator
from dataclasses import dataclass

CHUNK_PLACES = 20_000
"""So many index entries are counted in some ten milliseconds."""


@dataclass(frozen=True, slots=True)
class Part:
    """The places from *low* to *high*; *chunk* is the number of the chunk if they are all of it."""

    low: int
    high: int
    chunk: int | None

    @property
    def size(self) -> int:
        """How many places it has."""
        return self.high - self.low + 1


class Chunks:
    """
    Which chunks of a month the majority has full.

    That is true for good, whatever the limit: places never become free again without
    somebody's hand. What is remembered is a number for each *size* leads.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._full: set[int] = set()

    def note_full(self, chunk: int) -> None:
        """The majority has every place of *chunk*."""
        self._full.add(chunk)

    def open_parts(self, low: int, high: int) -> Iterator[Part]:
        """What from *low* to *high* is in chunks that are not known to be full, ascending."""
        for chunk in range((low - 1) // self._size, (high - 1) // self._size + 1):
            if chunk not in self._full:
                first, last = chunk * self._size + 1, (chunk + 1) * self._size
                is_whole = low <= first and last <= high
                yield Part(max(first, low), min(last, high), chunk if is_whole else None)
