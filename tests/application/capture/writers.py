"""Writers that a test starts, and calls that wait for them."""

import asyncio
from typing import Any

from application.capture.lead_writer import LeadWriter, WriterLimits
from application.ports.lead_ledger import LeadLedger
from application.process.settings_cache import SettingsCache
from domain.capture import Capture, Outcome
from domain.project import Project
from tests.application.fakes import WatchedLedger, let_tasks_start
from tests.support.clocks import StillClock

ProjectCache = SettingsCache[str, Project | None]


class StartWriter:
    """Starts a writer with such limits, over another cache of projects if need be."""

    def __init__(self, ledger: LeadLedger, cache: ProjectCache, clock: StillClock) -> None:
        self._ledger = ledger
        self._cache = cache
        self._clock = clock
        self._started: list[LeadWriter] = []

    def __call__(self, cache: ProjectCache | None = None, **limits: Any) -> LeadWriter:
        # A write that a test holds is not slow: nothing is written beside it unasked.
        defaults = {"retry_pause_seconds": 0.0, "patience_seconds": 60.0}
        chosen = self._cache if cache is None else cache
        writer = LeadWriter(self._ledger, chosen, self._clock, WriterLimits(**(defaults | limits)))
        writer.start()
        self._started.append(writer)
        return writer

    async def stop_all(self) -> None:
        for writer in self._started:
            await writer.stop(timeout_seconds=0.1)


async def queued(writer: LeadWriter, *captures: Capture) -> list["asyncio.Task[Outcome]"]:
    """The calls that wait for these captures, all of them in the writer's queue."""
    calls = [asyncio.create_task(writer.write(capture)) for capture in captures]
    await let_tasks_start()
    return calls


async def held(
    ledger: WatchedLedger, writer: LeadWriter, capture: Capture
) -> "asyncio.Task[Outcome]":
    """The call for *capture*, with which the writer is busy until the ledger's gate opens."""
    ledger.gate.clear()
    ledger.reached.clear()
    call = asyncio.create_task(writer.write(capture))
    await ledger.reached.wait()
    return call
