"""What else may listen on the port that was configured."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

STRANGE_ANSWERS = [
    b"",
    b"HTTP/1.1 400 Bad Request\r\n\r\n",
    b"\xff\xfe\r\n",
    b":no number\r\n",
    b"$-5\r\n",
    b"*1\r\n:1\r\n" * 20,
    b"%1\r\n*1\r\n:1\r\n:1\r\n" * 20,
    b"-NOAUTH Authentication required.\r\n" * 20,
    b"-LOADING Redis is loading the dataset in memory\r\n" * 20,
    b"+OK\r\n" * 20,
]


@asynccontextmanager
async def answering(answer: bytes) -> AsyncIterator[str]:
    """A server that says *answer* to the first bytes of everybody and then hangs up."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}"
