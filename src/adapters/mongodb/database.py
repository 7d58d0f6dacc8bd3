"""One MongoDB database: its client, whether it is there, and how long anybody waits for it."""

import asyncio
import contextlib
import contextvars
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pymongo

from adapters.mongodb.collections import Collections
from adapters.mongodb.driver import DEFAULT_DATABASE, close_client, make_client
from adapters.mongodb.errors import is_away, own_errors
from adapters.mongodb.schema import prepare
from application.ports.errors import StorageUnavailable, StoreUnusable

WORK_TIMEOUT_SECONDS = 2.0
PROBE_TIMEOUT_SECONDS = 0.5
PROBE_EVERY_SECONDS = 0.5
"""How often a server that is away is asked whether it is back."""

PREPARE_TIMEOUT_SECONDS = 3600.0
"""A new index of a large store takes its time; meanwhile the process is not ready."""

NOT_OPEN = "the store is not open"


class MongoDatabase:
    """
    Lends out the collections for one piece of work at a time, bounded in time.

    Once the server did not answer, work is refused at once until it does again: nobody
    waits in vain, and a task asks for it in the background.
    """

    def __init__(self, url: str, driver: str, client: Callable[..., Any] = make_client) -> None:
        self._url = url
        self._driver = driver
        self._make_client = client
        self._client: Any = None
        self._collections: Collections | None = None
        self._prepared = False
        self._away = NOT_OPEN
        self._waiting: asyncio.Task[None] | None = None
        self._tried = asyncio.Event()
        self._refusal: StoreUnusable | None = None

    @contextlib.asynccontextmanager
    async def opened(self, *, create: bool, patient: bool = False) -> AsyncIterator[None]:
        """
        Open for as long as the block lasts, and prepared if *create*.

        If *patient*, a server that is away, or builds an index, may take its time: until it
        is there, all work is refused.

        Raises:
            StoreUnusable: It is missing, cannot be used, or a newer version's.
            StorageUnavailable: The server did not answer, and nobody is patient.
        """
        self._connect()
        try:
            if patient:
                await self._prepare_in_time()
            else:
                await self._prepare(create=create)
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
        if self._away or self._collections is None:
            raise StorageUnavailable(self._away)
        if timeout_seconds <= 0:
            raise StorageUnavailable("there was no time left")
        try:
            with own_errors(), pymongo.timeout(timeout_seconds):
                yield self._collections
        except StorageUnavailable as error:
            if is_away(error.__cause__):
                self._wait_for_the_server(str(error))
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

    async def _close(self) -> None:
        self._away = NOT_OPEN
        self._prepared = False
        if self._waiting is not None:
            self._waiting.cancel()
            await asyncio.wait({self._waiting})
        await close_client(self._client)

    async def _prepare_in_time(self) -> None:
        self._wait_for_the_server(NOT_OPEN)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(WORK_TIMEOUT_SECONDS):
                await self._tried.wait()
        if self._refusal is not None:
            raise self._refusal

    def _connect(self) -> None:
        self._client = self._make_client(self._url, self._driver)
        database = self._client.get_default_database(default=DEFAULT_DATABASE)
        self._collections = Collections.of(database)

    async def _prepare(self, *, create: bool) -> None:
        assert self._collections is not None
        with own_errors():
            with pymongo.timeout(WORK_TIMEOUT_SECONDS):
                await self._client.admin.command("ping")
            with pymongo.timeout(PREPARE_TIMEOUT_SECONDS):
                await prepare(self._collections, create=create)
        self._prepared = True
        self._away = ""

    def _wait_for_the_server(self, cause: str) -> None:
        self._away = cause
        if self._waiting is None or self._waiting.done():
            # In a context of its own: the bound of the work that failed is not this task's.
            self._waiting = asyncio.get_running_loop().create_task(
                self._until_it_is_back(), name="mongodb-waiting", context=contextvars.Context()
            )

    async def _until_it_is_back(self) -> None:
        while self._away:
            try:
                await self._try_again()
            except StoreUnusable as error:
                self._away, self._refusal = str(error), error
            except Exception as error:  # noqa: BLE001  whatever it is, the next try must come
                self._away = str(error) or type(error).__name__
            self._tried.set()
            if self._away:
                await asyncio.sleep(PROBE_EVERY_SECONDS)

    async def _try_again(self) -> None:
        if not self._prepared:
            await self._prepare(create=True)
        elif await self.is_writable():
            self._away = ""
