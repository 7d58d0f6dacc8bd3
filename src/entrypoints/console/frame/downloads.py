"""Files that are made while they are sent: whoever gets the end of one has all of it."""

import asyncio
import re
from collections import defaultdict
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from urllib.parse import quote

import structlog

from domain.errors import PortError
from entrypoints.console.frame.answers import HEADERS
from entrypoints.exports.export_format import FileNotMade
from entrypoints.http.request import Request

_NOT_IN_A_NAME = re.compile(r'[\x00-\x1f\x7f"*/:<>?\\|]+')
"""What some system does not take in the name of a file."""
AT_A_TIME = 2
"""So many files of one user are made: each reads the store, and takes a thread and room on disk."""
LEFT = "The connection ended before the file did."

log = structlog.get_logger("swiftcrm.http")


@dataclass(frozen=True, slots=True)
class Download:
    """The answer of a page that a browser keeps as the file *name*."""

    name: str
    media_type: str
    pieces: AsyncGenerator[bytes, None]

    async def send(self, request: Request) -> None:
        """
        Answer *request* with it, piece by piece; its headers go first, so that a browser shows it.

        A client that leaves ends the pieces. If they fail, the connection is closed without the end
        that HTTP wants, and the browser says that the file is not whole; the log says why.
        """
        headers = {**HEADERS, "Content-Disposition": _kept_as(self.name)}
        response = await request.respond(headers=headers, content_type=self.media_type)
        request.begin_file()
        await response.send(b"")
        if request.method == "HEAD":
            return  # its headers are all that is sent
        try:
            async with aclosing(self.pieces) as pieces:
                async for piece in pieces:
                    await response.send(piece)
        except asyncio.CancelledError:
            log.info("http.broken_off", cause=LEFT)
            raise
        except Exception as error:  # noqa: BLE001  whatever it was, the file is not whole
            request.break_off()
            _log(request, error)


class Turns:
    """Lets a user have `AT_A_TIME` files made, in this process; one more waits for its turn."""

    def __init__(self) -> None:
        self._of_user = defaultdict[str, asyncio.Semaphore](lambda: asyncio.Semaphore(AT_A_TIME))

    async def take(
        self, user_id: str, pieces: AsyncGenerator[bytes, None]
    ) -> AsyncGenerator[bytes, None]:
        """The same *pieces*, the first of which is made when it is their turn."""
        async with self._of_user[user_id], aclosing(pieces):
            async for piece in pieces:
                yield piece


def _kept_as(name: str) -> str:
    """The header, also for browsers that read no other letters than ours (RFC 6266)."""
    name = _NOT_IN_A_NAME.sub("-", name)
    plain = re.sub(r"[^ -~]+", "-", name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _log(request: Request, error: Exception) -> None:
    if not isinstance(error, PortError | FileNotMade):
        log.error("http.defect", exc_info=error, request_id=request.id)
    log.warning("http.broken_off", cause=str(error) or type(error).__name__)
