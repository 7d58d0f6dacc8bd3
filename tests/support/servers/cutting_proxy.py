"""A TCP proxy before a server, which can lose the server's answers."""

import asyncio
from types import TracebackType
from typing import Self

CHUNK = 2**20


class CuttingProxy:
    """
    Passes everything on, until it is told to lose answers.

    The request whose answer is lost has reached the server and was carried out.
    """

    def __init__(self, port: int) -> None:
        self._to = port
        self._mark = b""
        self._swallowing = False
        self._open = asyncio.Event()
        self._open.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.swallowed = 0
        self.port = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=CHUNK)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def swallow(self, mark: bytes) -> None:
        """Cut the connection in place of answers to requests that contain *mark*."""
        self._mark, self._swallowing = mark, True

    def hold_back(self, mark: bytes) -> None:
        """Let answers to requests that contain *mark* wait until `let_go`."""
        self._mark = mark
        self._open.clear()

    def let_go(self) -> None:
        self._mark, self._swallowing = b"", False
        self._open.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.add(asyncio.current_task())  # type: ignore[arg-type]
        up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self._to)
        self._writers |= {writer, up_writer}
        marked = asyncio.Event()
        answering = asyncio.create_task(self._answer(up_reader, writer, marked))
        try:
            while data := await reader.read(CHUNK):
                if self._mark and self._mark in data[:200]:
                    marked.set()
                up_writer.write(data)
        except (OSError, asyncio.CancelledError):
            pass  # either end is gone, or the test is over
        finally:
            answering.cancel()
            up_writer.transport.abort()
            writer.transport.abort()

    async def _answer(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, marked: asyncio.Event
    ) -> None:
        while data := await reader.read(CHUNK):
            if marked.is_set():
                marked.clear()
                if self._swallowing:
                    self.swallowed += 1
                    writer.transport.abort()
                    return
                await self._open.wait()
            writer.write(data)
