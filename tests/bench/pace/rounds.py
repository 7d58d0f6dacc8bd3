"""All sides in turns: in a slow hour of the machine, all are slow."""

import multiprocessing
import statistics
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.pool import Pool

from tests.bench.pace.processes import processor_seconds, resident_mib
from tests.bench.pace.sender import load
from tests.bench.pace.sides import Side

WARM_UP_SECONDS = 1.0
TRICKLE_SECONDS = 0.5
"""Between two leads to a side that waits for its turn."""


@dataclass(frozen=True)
class Case:
    """A side as it is measured: a row of the table."""

    name: str
    side: Side
    connections: int


@dataclass(frozen=True)
class Round:
    """
    What one side did in one round.

    Attributes:
        per_second: Leads.
        p50_ms, p99_ms: Milliseconds until the answer.
        service_ms, database_ms, redis_ms, sender_ms: Milliseconds of a processor for each lead.
        memory_mib: Of the service, after the round.
        batch: Leads in one insert, as `mongod` counts them; 0 where there is none.
    """

    per_second: float
    p50_ms: float
    p99_ms: float
    service_ms: float
    database_ms: float
    redis_ms: float
    sender_ms: float
    memory_mib: float
    batch: float


Found = Mapping[str, Sequence[Round]]
"""The rounds of each row."""


class Senders:
    """The process of the senders."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def measure(self, side: Side, connections: int, seconds: float) -> Round:
        """Load *side*, and nothing else, for so long."""
        services = sum(map(processor_seconds, side.services))
        database = _used(side.database and side.database.process.pid)
        redis = _used(side.redis)
        documents, commands = side.inserts()
        call = (side.ports, side.requests, connections, seconds)
        sent = self._pool.apply(load, call)
        leads = len(sent.took)

        def each(before: float, after: float) -> float:
            return (after - before) / leads * 1000

        more_documents, more_commands = side.inserts()
        quantiles = statistics.quantiles(sent.took, n=100)
        return Round(
            per_second=leads / sent.seconds,
            p50_ms=quantiles[49] * 1000,
            p99_ms=quantiles[98] * 1000,
            service_ms=each(services, sum(map(processor_seconds, side.services))),
            database_ms=each(database, _used(side.database and side.database.process.pid)),
            redis_ms=each(redis, _used(side.redis)),
            sender_ms=each(0, sent.processor_seconds),
            memory_mib=sum(map(resident_mib, side.services)),
            batch=(more_documents - documents) / max(1, more_commands - commands),
        )


def _used(process_id: int | None) -> float:
    return 0.0 if process_id is None else processor_seconds(process_id)


@contextmanager
def senders() -> Iterator[Senders]:
    """A process of them."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        yield Senders(pool)


@contextmanager
def _in_use(sides: Sequence[Side]) -> Iterator[None]:
    """Send a lead to each of *sides* now and then."""
    ended = threading.Event()

    def trickle() -> None:
        while not ended.wait(TRICKLE_SECONDS):
            for side in sides:
                load(side.ports, side.requests[:1], connections=len(side.ports), seconds=0)

    with ThreadPoolExecutor(1) as threads:
        trickling = threads.submit(trickle)
        try:
            yield
        finally:
            ended.set()
        trickling.result()  # raises what went wrong


def in_turns(
    cases: Sequence[Case],
    rounds: int,
    seconds: float,
    say: Callable[[str], None] = lambda _text: None,
) -> Found:
    """
    The rounds of each case; before each, the side is warmed up for a second, which does not count.

    Each is as a service in use. One that was idle for two seconds first finds out what other
    processes did meanwhile: with a thousand projects, that is most of what its first half second
    is about. So a lead comes to each side now and then also while others have their turns, and all
    its projects send before they are measured.
    """
    found: dict[str, list[Round]] = defaultdict(list)
    with senders() as sending, _in_use([case.side for case in cases]):
        for number in range(1, rounds + 1):
            for case in cases:
                say(f"round {number} of {rounds}: {case.name}")
                sending.measure(case.side, case.connections, min(seconds, WARM_UP_SECONDS))
                found[case.name].append(sending.measure(case.side, case.connections, seconds))
    return found
