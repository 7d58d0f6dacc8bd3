"""One MongoDB database: its client, and how long anybody waits for it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pymongo

from adapters.mongodb.connection.collections import Collections
from adapters.mongodb.connection.driver import DEFAULT_DATABASE, close_client, make_client
from adapters.mongodb.connection.errors import (
    is_late,
    is_unreachable,
    own_errors,
    own_errors_of_preparing,
)
from adapters.mongodb.connection.presence import Presence
from adapters.mongodb.connection.schema import prepare
from domain.errors import StorageUnavailable

WORK_TIMEOUT_SECONDS = 2.0
AMPLE_SECONDS = 0.5
"""A server that did not answer within so long may be away; within less it may just be busy."""
PROBE_TIMEOUT_SECONDS = 0.5
PREPARE_TIMEOUT_SECONDS = 3600.0
"""A new index of a large store takes its time; meanwhile the process is not ready."""

NOT_OPEN = "the store is not open"


class MongoDatabase:
    """
    Lends out the collections for a piece of work that is bounded in time.

    Once the server is away, work is refused at once until it is back, and one task asks for it in
    the background: otherwise every call would wait two seconds for nothing, and hold its body in
    memory meanwhile. A server that is slow is not away.

    A piece of work that fails may have been done, now or in a moment: the server goes on with a
    write whose client has given up or was killed. So every write here is one that may be repeated.
    """

    is_new = False
    """From every folder, the database on a server is the same one."""

    def __init__(self, url: str, driver: str, client: Callable[..., Any] = make_client) -> None:
        self._url = url
        self._driver = driver
        self._make_client = client
        self._client: Any = None
        self._collections: Collections | None = None
        self._prepared = False
        self._presence = Presence(self._try_again, NOT_OPEN)

    @contextlib.asynccontextmanager
    async def opened(self, *, create: bool, patient: bool = False) -> AsyncIterator[None]:
        """
        Open for as long as the block lasts, and prepared if *create*.

        If *patient*, a server that is away or builds an index may take its time: until it is
        ready, all work is refused, and the log says when the server goes and when it is back.

        Raises:
            StoreUnusable: It is missing, cannot be used, or a newer version's.
            StorageUnavailable: The server did not answer, and *patient* is False.
        """
        self._connect()
        try:
            if patient:
                await self._prepare_in_time()
            else:
                await self._prepare(create=create)
                self._presence.absence = ""
            yield
        finally:
            await self._close()

    @contextlib.contextmanager
    def work(self, timeout_seconds: float = WORK_TIMEOUT_SECONDS) -> Iterator[Collections]:
        """
        The collections, for work that ends within *timeout_seconds*.

        Raises:
            StorageUnavailable: It did not, or the server is known to be away.
        """
        if self._presence.absence or self._collections is None:
            raise StorageUnavailable(self._presence.absence)
        if timeout_seconds <= 0:
            raise StorageUnavailable("there was no time left")
        try:
            with own_errors(), pymongo.timeout(timeout_seconds):
                yield self._collections
        except StorageUnavailable as error:
            self._note(error, timeout_seconds)
            raise

    async def is_writable(self) -> bool:
        """Whether the server is there, can be written to, and the database is prepared."""
        if not self._prepared:
            return False
        try:
            with own_errors(), pymongo.timeout(PROBE_TIMEOUT_SECONDS):
                hello = await self._client.admin.command("hello")
        except StorageUnavailable:
            return False
        return bool(hello.get("isWritablePrimary"))

    def _note(self, error: StorageUnavailable, timeout_seconds: float) -> None:
        """
        Find out whether the server is away, if that is what *error* may mean.

        Where there is no connection, it is away until it answers again. Where it was late, work
        goes on while it is asked: it may be busy. With very little time, late means nothing.
        """
        cause = error.__cause__
        if is_late(cause) and timeout_seconds < AMPLE_SECONDS:
            return
        if is_unreachable(cause):
            self._presence.wait_for_it(str(error))
        elif is_late(cause):
            self._presence.ask_for_it(str(error))

    async def _close(self) -> None:
        self._prepared = False
        await self._presence.end(NOT_OPEN)
        await close_client(self._client)

    async def _prepare_in_time(self) -> None:
        self._presence.speak()
        self._presence.wait_for_it(NOT_OPEN)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(WORK_TIMEOUT_SECONDS):
                await self._presence.tried.wait()
        if self._presence.refusal is not None:
            raise self._presence.refusal

    def _connect(self) -> None:
        self._client = self._make_client(self._url, self._driver)
        database = self._client.get_default_database(default=DEFAULT_DATABASE)
        self._collections = Collections.of(database)

    async def _prepare(self, *, create: bool) -> None:
        assert self._collections is not None
        with own_errors_of_preparing():
            with pymongo.timeout(WORK_TIMEOUT_SECONDS):
                await self._client.admin.command("ping")
            with pymongo.timeout(PREPARE_TIMEOUT_SECONDS):
                await prepare(self._collections, create=create)
        self._prepared = True

    async def _try_again(self) -> bool:
        if self._prepared:
            return await self.is_writable()
        await self._prepare(create=True)
        return True
