"""
How long the server takes for each page of the console, where there are many projects and leads.

    python -m tests.bench.console --store motor --projects 50 --leads 10000

Its time is that of its own log. Pages are opened one after the other, by an admin; the first look
at each is left out.
"""

import argparse
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from domain.capture import Batch
from domain.lead import LeadDetails
from domain.plan import Month
from tests.pages.console.every_page import addresses
from tests.pages.console.hostile import furnish
from tests.support.builders import a_capture
from tests.support.program import Server, serving
from tests.support.servers.mongod import mongod
from tests.support.stores import KINDS, SQLITE, Store, a_store

BATCH = 1_000
ROUNDS = 40
LONG_SECONDS = 60.0


def fill(store: Store, leads: int) -> None:
    """Give each project the same share of so many leads of this month, the first one half."""
    now = datetime.now(UTC)
    projects = store.use(lambda c: c.projects().all())
    for place, project in enumerate(projects):
        share = leads // 2 if place == 0 else leads // 2 // len(projects)
        captures = [
            a_capture(
                project,
                captured_at=now,
                details=LeadDetails(name=f"Person {n}", email=f"person{n}@example.com"),
            )
            for n in range(share)
        ]
        for start in range(0, share, BATCH):
            some = tuple(captures[start : start + BATCH])
            batch = Batch(Month.of(now), some, {project.project_id: None})
            store.use(lambda c, batch=batch: c.ledger().record(batch, LONG_SECONDS))


def _milliseconds(server: Server, since: str, calls: int) -> Mapping[str, Sequence[float]]:
    """What the log says of so many *calls*, by the path of the page."""
    found: list[dict[str, Any]] = []

    def all_are_there() -> bool:
        found[:] = [
            line
            for line in server.lines
            if line["event"] == "http.answered" and line["timestamp"] >= since
        ]
        return len(found) >= calls

    server.wait_until(all_are_there)
    took = defaultdict(list)
    for line in found:
        took[line["path"]].append(line["duration_ms"])
    return took


def measure(kind: str, projects: int, leads: int) -> None:
    """Print a row for each page, the slowest first."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        store = a_store(kind, folder, lambda: stack.enter_context(mongod()).url())
        store.account()
        server = stack.enter_context(serving(store))
        house = furnish(store, server)
        for number in range(projects):
            store.account(f"Company {number}")
        fill(store, leads)
        paths = addresses(house.worlds)
        for path in paths:
            house.admin.get(path)
        since = datetime.now(UTC).isoformat()
        sizes = {}
        for _ in range(ROUNDS):
            for path in paths:
                sizes[path] = len(house.admin.get(path).text.encode())
        took = _milliseconds(server, since, ROUNDS * len(paths))
    print(f"{kind}: {projects} projects, {leads} leads; largest page {max(sizes.values())} bytes")
    print(f"{'p50 ms':>7} {'p95 ms':>7}  page")
    rows = [(statistics.quantiles(found, n=20), path) for path, found in took.items()]
    for quantiles, path in sorted(rows, key=lambda row: -row[0][18]):
        print(f"{quantiles[9]:>7.1f} {quantiles[18]:>7.1f}  {path}")


def main() -> None:
    """Fill a store, and open every page many times."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.console", description=__doc__)
    parser.add_argument("--store", choices=KINDS, default=SQLITE)
    parser.add_argument("--projects", type=int, default=50)
    parser.add_argument("--leads", type=int, default=10_000, help="half of them one project's")
    options = parser.parse_args()
    measure(options.store, options.projects, options.leads)


if __name__ == "__main__":
    main()
