"""Processes that walk over one store, and what each of them may do with what it knows."""

import asyncio
from dataclasses import dataclass
from typing import Any

from adapters.mongodb import MongoLeadLedger
from domain.plan import Month
from tests.support.faulty_store import Fault, FaultyDatabase

SETTINGS_SECONDS = 2.0
DEADLINE_SECONDS = 2.0
BETWEEN_CHANGES_SECONDS = 2 * SETTINGS_SECONDS
"""A limit that is raised and lowered sooner may not be seen by somebody who writes below it."""
EVERYBODY_KNOWS_SECONDS = SETTINGS_SECONDS + 2 * DEADLINE_SECONDS
"""Then whoever wrote with an older limit has ended, and whoever began to write beside him."""

Limit = int | None


def most(limit: Limit) -> float:
    """How many places there are."""
    return float("inf") if limit is None else limit


@dataclass
class Process:
    """One process with a memory of its own, and the limit as it asked for it some time ago."""

    database: FaultyDatabase
    ledger: MongoLeadLedger
    limit: Limit = None
    asked_at: float = float("-inf")


@dataclass
class Work:
    """
    One batch, and what it was allowed to do.

    Attributes:
        limit: What its process knew when it began.
        most: That, or a larger one that came to hold meanwhile.
        before: How many places were taken when it began: it could know them all.
        added: How many it took.
        as_of: Counts what others did before its process was last awake.
    """

    limit: Limit
    month: Month
    began_at: float
    most: float
    before: int
    added: int = 0
    as_of: int = 0

    @property
    def is_legal(self) -> bool:
        return self.added <= max(self.most - self.before, 0)


@dataclass
class Frozen:
    """A process in the midst of recording."""

    fault: Fault
    task: "asyncio.Task[Any]"
    work: Work


async def until_it_ends_or_freezes(task: "asyncio.Task[None]", fault: Fault) -> None:
    """Raises nothing that *task* does."""
    if fault.kind != "freeze":
        await asyncio.wait({task})
        return
    struck = asyncio.create_task(fault.struck.wait())
    await asyncio.wait({task, struck}, return_when=asyncio.FIRST_COMPLETED)
    struck.cancel()
