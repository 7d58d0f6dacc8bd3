"""
What a flood of refused calls costs: memory, disk, and the captures of other projects.

    python -m tests.bench.held --store motor --calls 50000

The senders share the machine with the server. So beside the neighbour's time without a flood
stands its time during the same flood of calls that become leads.
"""

import argparse
import multiprocessing
import random
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from pymongo import MongoClient

from tests.bench.calls import DOMAIN, rest_lead
from tests.bench.held_senders import ACCEPTED, CONNECTIONS, KINDS, flood, neighbour
from tests.bench.pace.processes import resident_mib
from tests.bench.pace.sender import load
from tests.support.program import Server, serving
from tests.support.servers.mongod import mongod
from tests.support.stores import KINDS as STORES
from tests.support.stores import SQLITE, Account, Store, a_store

UNPACED = 1e9
NEIGHBOUR_PER_SECOND = 100
IN_FORCE_SECONDS = 2.5
"""Until the server knows what was changed."""
NONE = "no flood"


class Bench:
    """A flooded server, another one that holds nothing, and the senders."""

    def __init__(self, kind: str, stack: ExitStack) -> None:
        self._pool = stack.enter_context(multiprocessing.get_context("spawn").Pool(2))
        self.store, self.server = _served(kind, stack)
        self._empty_store, self._empty = _served(kind, stack)
        self._neighbour = self.store.account()
        self._accepted = self.store.account()
        self._flooded = self.store.account(monthly_limit=1, domains=[DOMAIN])
        self._number = 0
        self._flood(ACCEPTED, 1, UNPACED, account=self._flooded)

    def flood(self, calls: int) -> None:
        """Print a row for each kind: what it cost."""
        print(f"{'refused for':<12} calls/s  RSS before  after MiB  store MiB  held  statuses")
        for kind in KINDS:
            before = self._memory()
            seconds, statuses = self._flood(kind, calls, UNPACED)
            held = len(self.store.held(self._flooded))
            print(
                f"{kind:<12} {calls / seconds:>7.0f} {before:>11.0f} {self._memory():>10.0f}"
                f" {_size(self.store):>10.1f} {held:>5}  {dict(statuses)}",
                flush=True,
            )

    def neighbours(self, per_second: float, seconds: float, rounds: int) -> None:
        """
        Print the neighbour's milliseconds during each flood, all of them in turns.

        Of each turn its quantiles, and of these the median: where the machine stands still for a
        moment, that is one turn's.
        """
        found: dict[str, list[tuple[float, float]]] = defaultdict(list)
        alone = (self.server.port, self._neighbour, NEIGHBOUR_PER_SECOND, seconds)
        self._pool.apply(neighbour, alone)  # warms up
        kinds, chance = [NONE, ACCEPTED, *KINDS], random.Random(1)
        for _ in range(rounds):
            chance.shuffle(kinds)  # so that none always comes after the same one
            for kind in kinds:
                result = self._pool.apply_async(neighbour, alone)
                if kind != NONE:
                    account = self._accepted if kind == ACCEPTED else self._flooded
                    self._flood(kind, int(per_second * seconds), per_second, account=account)
                quantiles = statistics.quantiles(result.get(), n=100)
                found[kind].append((quantiles[49], quantiles[98]))
        medians = {
            kind: [statistics.median(column) for column in zip(*turns, strict=True)]
            for kind, turns in found.items()
        }
        print(f"{'flood of':<12}  p50 ms  p99 ms  to no flood  to leads")
        for kind in (NONE, ACCEPTED, *KINDS):
            p50, p99 = medians[kind]
            ratios = f"{p99 / medians[NONE][1]:>12.2f} {p99 / medians[ACCEPTED][1]:>9.2f}"
            print(f"{kind:<12} {p50:>7.2f} {p99:>7.2f} {ratios}", flush=True)

    def throughput(self, seconds: float, rounds: int) -> None:
        """Print leads a second with all that is held and with nothing held, in turns."""
        self.store.update(self._flooded, monthly_limit=10**9, remove_domains=[DOMAIN])
        time.sleep(IN_FORCE_SECONDS)
        servers = {
            "holding": (self.server, self._flooded),
            "empty": (self._empty, self._empty_store.account(monthly_limit=10**9)),
        }
        rates: dict[str, list[float]] = defaultdict(list)
        for number in range(rounds + 1):
            for name, (server, account) in servers.items():
                call = ([server.port], [rest_lead(account.key)], CONNECTIONS, seconds)
                sent = self._pool.apply(load, call)
                if number:  # the first one warms up
                    rates[name].append(len(sent.took) / sent.seconds)
        with_held, without = (statistics.median(rates[name]) for name in servers)
        held = len(self.store.held(self._flooded))
        print(f"leads/s: {with_held:.0f} with {held} held, {without:.0f} with none")
        print(f"the one to the other: {with_held / without:.2f}")

    def _flood(
        self, kind: str, calls: int, per_second: float, account: Account | None = None
    ) -> tuple[float, Any]:
        numbers = range(self._number, self._number + calls)
        self._number += calls
        who = account or self._flooded
        return self._pool.apply(flood, (self.server.port, who, kind, numbers, per_second))

    def _memory(self) -> float:
        return resident_mib(self.server.process.pid)


def _served(kind: str, stack: ExitStack) -> tuple[Store, Server]:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    store = a_store(kind, folder, lambda: stack.enter_context(mongod()).url())
    store.account()
    return store, stack.enter_context(serving(store, rate_limit="off"))


def _size(store: Store) -> float:
    """MiB on disk: of SQLite's files, or what MongoDB says of the collection and its indexes."""
    if store.kind == SQLITE:
        found = store.folder.glob(f"{store.path.name}*")
        return sum(path.stat().st_size for path in found) / 2**20
    with _database(store) as database:
        return float(database.command("dbStats")["totalSize"]) / 2**20


@contextmanager
def _database(store: Store) -> Iterator[Any]:
    client: MongoClient[dict[str, Any]] = MongoClient(store.variables()["database_url"])
    with client:
        yield client.get_default_database()


def main() -> None:
    """Flood, then measure the neighbour and the throughput."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.held", description=__doc__)
    parser.add_argument("--store", choices=STORES, default=SQLITE)
    parser.add_argument("--calls", type=int, default=12_000, help="of each kind, at full speed")
    parser.add_argument("--per-second", type=float, default=200, help="beside the neighbour")
    parser.add_argument("--seconds", type=float, default=3, help="each turn lasts so long")
    parser.add_argument("--rounds", type=int, default=6, help="turns of each kind of call")
    options = parser.parse_args()
    with ExitStack() as stack:
        bench = Bench(options.store, stack)
        bench.neighbours(options.per_second, options.seconds, options.rounds)
        bench.flood(options.calls)
        bench.throughput(options.seconds, options.rounds)


if __name__ == "__main__":
    main()
