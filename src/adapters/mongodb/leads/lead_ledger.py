"""Captures become leads: optimistic numbers and places, judged by unique indexes."""

import asyncio
import time
from collections.abc import Iterable, Sequence

from adapters.mongodb.connection.database import MongoDatabase
from adapters.mongodb.leads.chunks import CHUNK_PLACES
from adapters.mongodb.leads.documents import encoded
from adapters.mongodb.leads.entries import Entry
from adapters.mongodb.leads.numbers import Monotonic, Numbers
from adapters.mongodb.leads.places import Places
from adapters.mongodb.leads.recording import Recording
from application.ports.lead_ledger import Batch, LeadLedger, NotKept, Outcome, Why

FIRST_PAUSE_SECONDS = 0.001
LONGEST_PAUSE_SECONDS = 0.05
FEWEST_ROUNDS = 8
MOST_OF_THE_TIME = 0.25
"""The part of a call's time after which its captures do not wait for one another any more."""


class MongoLeadLedger(LeadLedger):
    """
    Records a batch in rounds; one write is all that a batch of new leads needs.

    What a round left open (a number that another process took, a person who was being made
    known) is tried again in the next one, until the time is over. Where captures wait for
    others of the batch, it ends earlier: the rest is undecided, and what it wrote is found.
    """

    is_concurrent = True

    def __init__(
        self,
        database: MongoDatabase,
        monotonic: Monotonic = time.monotonic,
        chunk_places: int = CHUNK_PLACES,
    ) -> None:
        self._database = database
        self._monotonic = monotonic
        self._numbers = Numbers(monotonic)
        self._places = Places(monotonic, chunk_places)

    async def record(self, batch: Batch, timeout_seconds: float) -> Sequence[Outcome]:
        """Every answer is what the majority has."""
        outcomes: list[Outcome] = [NotKept(Why.UNWRITABLE)] * len(batch.captures)
        entries: dict[int, Entry] = {}
        for position, capture in enumerate(batch.captures):
            document = encoded(capture, batch.month)
            if document is not None:
                entries[position] = Entry.of(capture, document)
        await self._settle(list(entries.values()), batch, timeout_seconds)
        for position, entry in entries.items():
            assert entry.outcome is not None
            outcomes[position] = entry.outcome
        return outcomes

    async def _settle(self, entries: list[Entry], batch: Batch, timeout_seconds: float) -> None:
        pause = FIRST_PAUSE_SECONDS
        enough = self._monotonic() + MOST_OF_THE_TIME * timeout_seconds
        rounds = 0
        with self._database.work(timeout_seconds) as store:
            recording = Recording(store, batch, self._numbers, self._places)
            while entries:
                left = await recording.round(entries)
                rounds += 1
                if rounds >= FEWEST_ROUNDS and self._monotonic() >= enough and _is_chain(left):
                    _refuse_all(left)
                    return
                if len(left) == len(entries):  # others are at it; the driver ends it in time
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
                entries = left


def _is_chain(entries: Iterable[Entry]) -> bool:
    return any(entry.blockers for entry in entries)


def _refuse_all(entries: Iterable[Entry]) -> None:
    for entry in entries:
        entry.refuse(Why.UNDECIDED)
