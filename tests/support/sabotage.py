"""
The program with one thing made wrong, for tests that must be able to see it.

    python -m tests.support.sabotage WHAT serve --port 0
"""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from dependency_injector import providers

from application.capture.lead_writer import WriterLimits
from application.ports.lead_archive import LeadArchive
from application.ports.lead_ledger import LeadLedger
from domain.capture import Batch, Kept, KeptAs, Outcome
from domain.errors import StorageUnavailable
from domain.lead import Lead
from domain.leads.query import LeadQuery
from entrypoints.container import Container
from entrypoints.container.stores import Store
from entrypoints.process.main import main
from tests.support.clocks import AHEAD, SETTING, MovingClock


class AcknowledgesEarly(LeadLedger):
    """Says that a lead is kept, and keeps it a little later: what must never happen."""

    def __init__(self, ledger: LeadLedger) -> None:
        self._ledger = ledger
        self._number = 0
        self._writes: set[asyncio.Task[Sequence[Outcome]]] = set()

    async def record(self, batch: Batch, timeout_seconds: float) -> Sequence[Outcome]:
        write = asyncio.create_task(self._record_later(batch, timeout_seconds))
        self._writes.add(write)
        outcomes = []
        for _ in batch.captures:
            self._number += 1
            outcomes.append(Kept(self._number, KeptAs.NEW))
        return outcomes

    async def _record_later(self, batch: Batch, timeout_seconds: float) -> Sequence[Outcome]:
        # As long as a slow disk takes: within a moment a kill hardly ever comes in between.
        await asyncio.sleep(0.02)
        return await self._ledger.record(batch, timeout_seconds)


class Defective(LeadLedger):
    """Has a defect, whose text holds what no answer may."""

    async def record(self, batch: Batch, timeout_seconds: float) -> Sequence[Outcome]:
        raise ZeroDivisionError("inner secret ada@example.com")


class Stalled(LeadLedger):
    """Never answers."""

    async def record(self, batch: Batch, timeout_seconds: float) -> Sequence[Outcome]:
        await asyncio.Event().wait()
        return ()


class DiesHalfWay(LeadLedger):
    """Its process is killed inside the transaction of its second batch."""

    def __init__(self, ledger: LeadLedger) -> None:
        self._ledger = ledger
        self._batches = 0

    async def record(self, batch: Batch, timeout_seconds: float) -> Sequence[Outcome]:
        self._batches += 1
        if self._batches == 2:
            from adapters.sqlite.leads import places

            places.FreePlaces.take = _kill_self  # type: ignore[method-assign]
        return await self._ledger.record(batch, timeout_seconds)


class ReadsHalf:
    """An archive that gives the first page of many leads, and then does *then*."""

    def __init__(self, archive: LeadArchive, then: Callable[[], Awaitable[None]]) -> None:
        self._archive = archive
        self._then = then

    def __getattr__(self, name: str) -> Any:
        return getattr(self._archive, name)

    async def page(self, query: LeadQuery, *, after: int | None, **rest: Any) -> Sequence[Lead]:
        if after is not None:
            await self._then()
        return await self._archive.page(query, after=after, **rest)


async def _is_away() -> None:
    raise StorageUnavailable("The store does not answer.")


async def _stalls() -> None:
    await asyncio.Event().wait()


def _kill_self(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _change(change: Callable[[Store], Store]) -> None:
    chosen = providers.Selector(Container.settings.provided.store, **Container.store.providers)
    Container.store.override(providers.Singleton(change, chosen))


def _wrap(ledger: Callable[[LeadLedger], LeadLedger]) -> None:
    _change(lambda store: replace(store, ledger=ledger(store.ledger)))


def _half(then: Callable[[], Awaitable[None]]) -> None:
    _change(lambda store: replace(store, archive=cast("Any", ReadsHalf(store.archive, then))))


def _replace(ledger: Callable[[], LeadLedger]) -> None:
    _wrap(lambda _: ledger())


def _short_queue() -> None:
    _replace(Stalled)
    Container.writer_limits.override(WriterLimits(batch=1, queue=2))


def _hurried() -> None:
    """Every deadline of a connection comes soon: a test has not the time of a real one."""
    from entrypoints.http.connection import http1, protocol

    protocol.IDLE_SECONDS = http1.IDLE_SECONDS = http1.ARRIVAL_SECONDS = 0.5


def _no_journal() -> None:
    """Acknowledge what one server has in memory: what must never happen."""
    from adapters.mongodb.connection import collections

    weak = collections.WriteConcern(1, j=False)
    collections.WRITE_CONCERN = weak


def _moving_clock() -> None:
    """Its wall clock is set by the test."""
    path, ahead = Path(os.environ[SETTING]), float(os.environ.get(AHEAD, "0"))
    Container.clock.override(providers.Singleton(MovingClock, path, ahead))


SABOTAGE: dict[str, Callable[[], None]] = {
    "acknowledge-early": lambda: _wrap(AcknowledgesEarly),
    "defect": lambda: _replace(Defective),
    "stalled": lambda: _replace(Stalled),
    "short-queue": _short_queue,
    "die-half-way": lambda: _wrap(DiesHalfWay),
    "hurried": _hurried,
    "half-read, then away": lambda: _half(_is_away),
    "half-read, then stalled": lambda: _half(_stalls),
    "no-journal": _no_journal,
    "moving-clock": _moving_clock,
}


def program(what: str) -> tuple[str, ...]:
    """The command that runs the program with *what* made wrong."""
    return (sys.executable, "-m", "tests.support.sabotage", what)


if __name__ == "__main__":
    SABOTAGE[sys.argv.pop(1)]()
    main()
