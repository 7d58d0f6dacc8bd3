"""A store whose every call can fail, kill its process, or freeze it, before or after its effect."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import fields
from typing import Any

from pymongo.errors import AutoReconnect, BulkWriteError

from adapters.mongodb.connection.collections import Collections
from adapters.mongodb.connection.errors import own_errors

CALLS = frozenset({"find_one", "count_documents", "find_one_and_update"})
WRITES_OF_MANY = frozenset({"insert_many", "bulk_write"})
FIRST_WRITES = 4
"""Of the countdowns that a walk draws, so many make a write of many a partial one."""


class Killed(BaseException):
    """The process is no more: nothing of it runs after this."""


class Fault:
    """Strikes one process at its *countdown*-th await of the store, after its effect or before.

    Where a frozen process is thawed too late, its driver sends nothing any more: the deadline
    of the work goes by while the process is stopped.
    """

    def __init__(self, kind: str = "none", countdown: int = 0, *, after: bool = False) -> None:
        self.kind = kind
        self._countdown = countdown
        self._after = after
        self.is_late = False
        self.thawed = asyncio.Event()
        self.struck = asyncio.Event()

    async def call(self, work: Callable[[], Awaitable[Any]]) -> Any:
        self._countdown -= 1
        strikes = self._countdown == 0 and self.kind != "none"
        if strikes and not self._after:
            await self._strike()
        if self.is_late:
            raise AutoReconnect("past its deadline")
        result = await work()
        if strikes and self._after:
            await self._strike()
        return result

    async def write(self, write_many: Any, them: Sequence[Any], **options: Any) -> Any:
        """As `call`; of the kind "part" every other one is written, and no answer comes."""
        if self.kind != "part" or self._countdown > FIRST_WRITES:
            return await self.call(lambda: write_many(them, **options))
        self.kind = "none"
        with suppress(BulkWriteError):
            await write_many(them[1::2] or them, **options)
        raise AutoReconnect("lost half-way")

    async def _strike(self) -> None:
        self.struck.set()
        if self.kind == "freeze":
            await self.thawed.wait()
        elif self.kind == "kill":
            raise Killed
        else:
            raise AutoReconnect("lost")


class FaultyDatabase:
    """Lends out the collections of another, with the fault of the moment."""

    def __init__(self, store: Collections) -> None:
        self._store = store
        self.fault = Fault()

    @contextmanager
    def work(self, _timeout_seconds: float) -> Iterator[Collections]:
        fault = self.fault
        named = {field.name: getattr(self._store, field.name) for field in fields(Collections)}
        with own_errors():
            yield Collections(**{name: _Faulty(one, fault) for name, one in named.items()})


class _Faulty:
    def __init__(self, inner: Any, fault: Fault) -> None:
        self._inner = inner
        self._fault = fault

    def __getattr__(self, name: str) -> Any:
        inner = getattr(self._inner, name)
        if name in WRITES_OF_MANY:
            return lambda them, **options: self._fault.write(inner, them, **options)
        if name in CALLS:
            return lambda *args, **kwargs: self._fault.call(lambda: inner(*args, **kwargs))
        if name in ("find", "sort"):
            return lambda *args: _Faulty(inner(*args), self._fault)
        if name == "to_list":
            return lambda *args: self._fault.call(lambda: inner(*args))
        return inner
