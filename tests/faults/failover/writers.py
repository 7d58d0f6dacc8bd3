"""Two writers at one pace: one posts leads to the program, one inserts with the bare driver."""

import asyncio
import multiprocessing
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import NamedTuple

from pymongo import AsyncMongoClient, WriteConcern
from pymongo.errors import PyMongoError

from tests.support.load import post_bytes, post_lead
from tests.support.program import Server
from tests.support.stores import Account

READY = b"GET /api/ready HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"
READY_EVERY_SECONDS = 0.25


class Attempt(NamedTuple):
    """
    One write, or one look at `/api/ready`.

    Attributes:
        sent: When, on this machine's monotonic clock, in seconds.
        ended: When it was answered.
        said: The status, or the driver's error.
    """

    sent: float
    ended: float
    said: str
    is_success: bool


class Leads:
    """
    Posts leads steadily, never one twice, each on a connection of its own.

    Attributes:
        attempts: In the order of their ends.
        promised: The name of each lead that was answered 201, by its number.
    """

    def __init__(self, server: Server, account: Account) -> None:
        self._server = server
        self._account = account
        self._sent = 0
        self.attempts: list[Attempt] = []
        self.ready: list[Attempt] = []
        self.promised: dict[int, str] = {}

    async def post(self) -> None:
        self._sent += 1
        name, sent = f"lead {self._sent}", time.monotonic()
        answer = await post_lead(self._server.port, self._account, {"name": name})
        assert answer is not None, "no answer from a live server"
        if answer.status == 201:
            self.promised[answer.json()["lead_id"]] = name
        self.attempts.append(_attempt(sent, str(answer.status), is_success=answer.status == 201))

    async def look(self) -> None:
        sent = time.monotonic()
        answer = await post_bytes(self._server.port, READY)
        assert answer is not None, "no answer from a live server"
        self.ready.append(_attempt(sent, str(answer.status), is_success=answer.status == 200))


async def steadily(work: Callable[[], Awaitable[None]], every_seconds: float) -> None:
    """Begin *work* at fixed moments until cancelled, also where earlier ones last."""
    began, number = time.monotonic(), 0
    async with asyncio.TaskGroup() as group:
        while True:
            group.create_task(_awaited(work()))
            number += 1
            await asyncio.sleep(max(began + number * every_seconds - time.monotonic(), 0))


@contextmanager
def plain_writer(url: str, every_seconds: float) -> Iterator[list[Attempt]]:
    """
    What a client with the driver's defaults and the majority's acknowledgement meets.

    It is a process of its own, which no work of ours delays. What it reports is appended as it
    happens.
    """
    attempts: list[Attempt] = []
    mine, its = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("spawn").Process(
        target=_insert_for_ever, args=(url, every_seconds, its), daemon=True
    )
    process.start()
    its.close()
    threading.Thread(target=_collect, args=(mine, attempts), daemon=True).start()
    try:
        yield attempts
    finally:
        process.kill()
        process.join()


def _collect(pipe: Connection, attempts: list[Attempt]) -> None:
    while True:
        try:
            attempts.append(Attempt(*pipe.recv()))
        except EOFError:
            return


def _insert_for_ever(url: str, every_seconds: float, pipe: Connection) -> None:
    asyncio.run(_insert(url, every_seconds, pipe))


async def _insert(url: str, every_seconds: float, pipe: Connection) -> None:
    client: AsyncMongoClient[dict[str, object]] = AsyncMongoClient(url)
    collection = client.get_default_database().get_collection(
        "plain", write_concern=WriteConcern("majority", j=True)
    )

    async def insert() -> None:
        sent = time.monotonic()
        try:
            await collection.insert_one({})
        except PyMongoError as error:
            pipe.send(_attempt(sent, type(error).__name__, is_success=False))
        else:
            pipe.send(_attempt(sent, "inserted", is_success=True))

    await steadily(insert, every_seconds)


def _attempt(sent: float, said: str, *, is_success: bool) -> Attempt:
    return Attempt(sent, time.monotonic(), said, is_success)


async def _awaited(work: Awaitable[None]) -> None:
    await work
