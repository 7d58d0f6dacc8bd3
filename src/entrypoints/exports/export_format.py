"""What a format of an export consists of."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass
from typing import TypeAlias

from domain.lead import Lead

PIECE = 64 * 1024
"""About so many characters, or bytes, are handed on at a time."""
Pieces: TypeAlias = Callable[[AsyncIterator[Lead]], AsyncGenerator[bytes, None]]


class FileNotMade(Exception):
    """A format that needs a file of its own could not make it; the text says where and why."""


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """
    How leads become a file.

    Attributes:
        suffix: What the names of such files end with, without the dot.
        media_type: What HTTP calls such a file.
        pieces: The bytes of a file with these leads, one after the other; only few leads are in
            memory at a time. What the leads raise passes through. Whoever may stop before the end
            closes it (`contextlib.aclosing`).
    """

    suffix: str
    media_type: str
    pieces: Pieces


def text_pieces(head: str, line: Callable[[Lead], str]) -> Pieces:
    """The pieces of a text that begins with *head* and has a *line* for each lead."""

    async def pieces(leads: AsyncIterator[Lead]) -> AsyncGenerator[bytes, None]:
        waiting, size = [head], len(head)
        async for lead in leads:
            text = line(lead)
            waiting.append(text)
            size += len(text)
            if size >= PIECE:
                yield "".join(waiting).encode()
                waiting, size = [], 0
                await asyncio.sleep(0)  # whatever else the process does has its turn
        if size:
            yield "".join(waiting).encode()

    return pieces
