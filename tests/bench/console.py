"""
How long the server takes for each page of the console, where there are many projects, leads and
held calls.

    python -m tests.bench.console --store motor --projects 50 --leads 10000 --held 10000
    python -m tests.bench.console --leads 2000000 --rounds 20    a million in one project

Its time is that of its own log. Pages are opened one after the other, by an admin; the first look
at each is left out, in which a project of millions is counted for the first time.
"""

import argparse
import json
import statistics
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from domain.capture import Capture
from domain.held import CODES, LINES, WEBHOOK_CODES
from domain.lead import REST, LeadDetails
from domain.project import Project
from tests.bench.growth.filling import BATCH, fill
from tests.pages.console.every_page import addresses
from tests.pages.console.hostile import furnish
from tests.support.builders import a_capture, a_held_call
from tests.support.program import Server, serving
from tests.support.servers.mongod import mongod
from tests.support.stores import KINDS, SQLITE, Store, a_store

BODY = json.dumps({"message": "x" * 500})
LOOKS = (
    *("?source=google", "?source=google&campaign=c7", "?campaign=rare", "?campaign=none"),
    *("?search=person9", "?search=nobody", "?search=%C3%BCnal", "?search=170123", "?no_contact=on"),
)
"""What is looked for in the largest project, beside opening each page."""


def fill_unevenly(store: Store, leads: int) -> str:
    """Give one project half of so many leads, and each other one a share; the id of the first."""
    first, *others = [one.project_id for one in store.use(lambda c: c.projects().all())]
    share = leads // 2 // (len(others) + 1)
    fill(store, {first: leads // 2} | dict.fromkeys(others, share))
    return first


def hold(store: Store, project_id: str, calls: int) -> None:
    """Let a project hold so many calls of each reason, from a hundred pages or numbers."""
    now = datetime.now(UTC)
    project = store.use(lambda c: c.projects().find(project_id))
    for code in (*CODES, *LINES):
        held = [
            a_held_call(
                project,
                code=code,
                at=now,
                channel="whatsapp" if code in WEBHOOK_CODES else REST,
                origin=f"{n % 100}.shop.example",
                body=BODY,
                capture=None if code in LINES else _a_person(project, n, now),
            )
            for n in range(calls)
        ]
        for start in range(0, calls, BATCH):
            some = held[start : start + BATCH]
            store.use(lambda c, some=some: c.held_ledger().hold(some))


def _a_person(project: Project, number: int, now: datetime) -> Capture:
    details = LeadDetails(name=f"Person {number}", email=f"held{number}@example.com")
    return a_capture(project, captured_at=now, details=details)


def _milliseconds(server: Server, since: str, calls: int) -> Sequence[float]:
    """What the log says of so many *calls*, in their order: one came after the other's answer."""
    found: list[dict[str, Any]] = []

    def all_are_there() -> bool:
        found[:] = [
            line
            for line in server.lines
            if line["event"] == "http.answered" and line["timestamp"] >= since
        ]
        return len(found) >= calls

    server.wait_until(all_are_there)
    return [line["duration_ms"] for line in found]


def measure(kind: str, projects: int, leads: int, held: int, rounds: int) -> None:
    """Print a row for each page, the slowest first."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        store = a_store(kind, folder, lambda: stack.enter_context(mongod()).url())
        store.account()
        server = stack.enter_context(serving(store))
        house = furnish(store, server)
        for number in range(projects):
            store.account(f"Company {number}")
        largest = fill_unevenly(store, leads)
        hold(store, house.worlds[0]["project_id"], held)
        looks = [f"/projects/{largest}/leads{look}" for look in LOOKS]
        paths = [*addresses(house.worlds), f"/projects/{largest}", *looks]
        for path in paths:
            house.admin.get(path)
        since = datetime.now(UTC).isoformat()
        sizes = {}
        for _ in range(rounds):
            for path in paths:
                sizes[path] = len(house.admin.get(path).text.encode())
        milliseconds = _milliseconds(server, since, rounds * len(paths))
    took = {path: milliseconds[place :: len(paths)] for place, path in enumerate(paths)}
    print(f"{kind}: {projects} projects, {leads} leads, {held} held of each reason in one")
    print(f"largest page {max(sizes.values())} bytes")
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
    parser.add_argument("--held", type=int, default=10_000, help="calls of each reason")
    parser.add_argument("--rounds", type=int, default=40)
    options = parser.parse_args()
    measure(options.store, options.projects, options.leads, options.held, options.rounds)


if __name__ == "__main__":
    main()
