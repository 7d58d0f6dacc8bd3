"""Another project's sender, in a process of its own: so many leads a second, whatever happens."""

import asyncio
import time
from collections.abc import Sequence

import uvloop

from tests.faults.attacks.measures import Load
from tests.faults.attacks.sockets import a_post, answer_to
from tests.support.load import LEAD
from tests.support.stores import Account

POSTS_A_SECOND = 50
CONNECTIONS = 4
PATIENCE_SECONDS = 10.0
"""A lead that is not answered 201 in so long is lost, and counts as slow as this."""


def post_steadily(port: int, account: Account, seconds: float) -> Load:
    """Post at fixed moments, also where earlier answers are late; how long each lead took."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        took = runner.run(_post(port, account, seconds))
    return Load([1000 * (PATIENCE_SECONDS if one is None else one) for one in took],
                lost=took.count(None))  # fmt: skip


async def _post(port: int, account: Account, seconds: float) -> list[float | None]:
    request = a_post(LEAD, b'{"name": "Ada Lovelace"}', f"X-Api-Key: {account.key}")
    began = time.monotonic()
    moments = [began + n / POSTS_A_SECOND for n in range(int(seconds * POSTS_A_SECOND))]
    senders = [_Sender(port, request, moments[n::CONNECTIONS]) for n in range(CONNECTIONS)]
    took = await asyncio.gather(*(sender.post_all() for sender in senders))
    return [one for ones in took for one in ones]


class _Sender:
    """One connection that is kept; a time is counted from the moment at which a lead was due."""

    def __init__(self, port: int, request: bytes, moments: Sequence[float]) -> None:
        self._port = port
        self._request = request
        self._moments = moments
        self._open: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post_all(self) -> list[float | None]:
        took = []
        for due in self._moments:
            await asyncio.sleep(due - time.monotonic())
            took.append(time.monotonic() - due if await self._is_captured(due) else None)
        self._close()
        return took

    async def _is_captured(self, due: float) -> bool:
        left = due + PATIENCE_SECONDS - time.monotonic()
        try:
            async with asyncio.timeout(max(left, 0)):
                return await self._answer() == "201"
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            self._close()
            return False

    async def _answer(self) -> str:
        if self._open is None:
            self._open = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._open
        writer.write(self._request)
        answer, is_kept = await answer_to(reader)
        if not is_kept:
            self._close()
        return answer

    def _close(self) -> None:
        if self._open is not None:
            self._open[1].close()
            self._open = None
