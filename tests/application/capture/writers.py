"""Writers that a test starts, and calls that wait for them."""

import asyncio
from dataclasses import replace
from typing import Any

from application.capture.lead_writer import LeadWriter
from domain.capture import Capture, Outcome
from entrypoints.container import Container
from tests.application.fakes import WatchedLedger, let_tasks_start


class StartWriter:
    """Starts the container's writer, with other limits if need be."""

    def __init__(self, container: Container) -> None:
        self._container = container
        self._started: list[LeadWriter] = []

    def __call__(self, **limits: Any) -> LeadWriter:
        chosen = replace(self._container.writer_limits(), **limits)
        self._container.writer_limits.override(chosen)
        writer = self._container.writer()
        writer.start()
        self._started.append(writer)
        return writer

    async def stop(self) -> None:
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
