"""
What a careless hand does to the store while leads come in, and what is missing afterwards.

    python -m tests.faults.careless
"""

import asyncio
import shutil
import tempfile
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tests.faults.senders import Senders
from tests.support.program import Server, serving, swiftcrm
from tests.support.servers.processes import freeze
from tests.support.servers.small_disk import fill, on_a_small_disk, seen_from_outside
from tests.support.stores import Account, Store
from tests.support.wire import request

BEFORE = 300
"""Leads that are acknowledged before the hand does it, and at most after it."""
WITHOUT_END = 1_000_000
DISK_KIBIBYTES = 8000
READY_TRIES, UNREADY = 30, 503


@dataclass(frozen=True)
class Act:
    """
    Attributes:
        does: What is done with the store's main file.
        kept_in: Where all must be that was acknowledged; a pattern.
        processes: How many serve the store.
    """

    name: str
    does: Callable[[Path], object]
    kept_in: str = "x.db"
    processes: int = 1


ACTS = (
    Act("rm x.db-wal", lambda store: _side(store, "-wal").unlink()),
    Act("rm x.db-wal, two processes", lambda store: _side(store, "-wal").unlink(), processes=2),
    Act("mv x.db-wal y", lambda store: _side(store, "-wal").rename(store.with_name("y"))),
    Act("rm x.db-shm", lambda store: _side(store, "-shm").unlink()),
    Act("rm x.db-shm, two processes", lambda store: _side(store, "-shm").unlink(), processes=2),
    Act("rm x.db-*", lambda store: [_side(store, end).unlink() for end in ("-wal", "-shm")]),
    Act("mv x.db y.db", lambda store: store.rename(store.with_name("y.db")), kept_in="y.db"),
    Act("rm x.db", lambda store: store.unlink(), kept_in="x.db.saved-*Z"),
)


def _cp(store: Store, copy: Path) -> None:
    shutil.copy(store.path, copy)


def _backup(store: Store, copy: Path) -> None:
    done = swiftcrm(store, "backup", str(copy))
    assert done.returncode == 0, done.stderr


COPIES: Mapping[str, Callable[[Store, Path], None]] = {
    "cp x.db copy": _cp,
    "swiftcrm backup copy": _backup,
}
"""Ways to make a copy while leads come in; of the first, nothing complains."""


@dataclass(frozen=True)
class Outcome:
    """
    Attributes:
        acknowledged: Leads that were answered 201.
        missing: Those of them that the store has not after `kill -9`, or has otherwise.
        ready: What each process answered at `/api/ready` before that.
        lines: What the log of each says of it.
    """

    acknowledged: int
    missing: int
    ready: Sequence[int]
    lines: Sequence[int]


def _side(store: Path, ending: str) -> Path:
    return Path(f"{store}{ending}")


async def outcome_of(act: Act, folder: Path) -> Outcome:
    """Let leads come in, do it, wait for a process that notices, kill all, and count."""
    store = Store(folder / "x.db")
    account = await asyncio.to_thread(store.account)
    with ExitStack() as stack:
        servers = [stack.enter_context(serving(store)) for _ in range(act.processes)]
        senders = [Senders(server, account) for server in servers]
        loads = [asyncio.create_task(one.until(WITHOUT_END)) for one in senders]
        await asyncio.gather(*(one.promised_so_many_more(BEFORE) for one in senders))
        act.does(store.path)
        ready = await asyncio.gather(*map(_after_it, servers, senders))
        lines = [_lines(server) for server in servers]
        for server in servers:
            server.kill()
        await asyncio.gather(*loads)
    promised = {number: name for one in senders for number, name in one.promised.items()}
    kept = await asyncio.to_thread(_kept_in_one_of, folder, act.kept_in, account)
    return Outcome(len(promised), _missing(promised, kept), ready, lines)


async def outcome_of_copying(how: Callable[[Store, Path], None], folder: Path) -> Outcome:
    """Let leads come in, copy the store meanwhile, and count what the copy has not."""
    store, copy = Store(folder / "x.db"), folder / "copy.db"
    account = await asyncio.to_thread(store.account)
    with serving(store) as server:
        senders = Senders(server, account)
        load = asyncio.create_task(senders.until(WITHOUT_END))
        await senders.promised_so_many_more(BEFORE)
        promised = dict(senders.promised)
        await asyncio.to_thread(how, store, copy)
        ready = await asyncio.to_thread(request, server.port, "GET", "/api/ready")
        server.kill()
        await load
    kept = await asyncio.to_thread(_kept, Store(copy), account)
    return Outcome(len(promised), _missing(promised, kept), [ready.status], [])


async def outcome_of_a_full_disk(folder: Path) -> Outcome:
    """Let leads come in, fill the disk, wait for a refusal, and count what is on the disk."""
    seed, disk = Store(folder / "seed" / "x.db"), folder / "disk"
    account = await asyncio.to_thread(seed.account)
    disk.mkdir()
    program = on_a_small_disk(disk, DISK_KIBIBYTES, seed.folder)
    with serving(disk / "x.db", program=program) as server:
        outside = seen_from_outside(server.process, disk)
        senders = Senders(server, account)
        load = asyncio.create_task(senders.until(WITHOUT_END))
        await senders.promised_so_many_more(BEFORE)
        await asyncio.to_thread(fill, outside)
        while not senders.odd:  # noqa: ASYNC110  in this very loop
            await asyncio.sleep(0.001)
        ready = await asyncio.to_thread(_ready_in_the_end, server)
        freeze(server.process)
        promised = dict(senders.promised)
        for name in ("x.db", "x.db-wal"):
            await asyncio.to_thread(shutil.copy, outside / name, folder / name)
        server.kill()
        await load
    kept = await asyncio.to_thread(_kept, Store(folder / "x.db"), account)
    return Outcome(len(promised), _missing(promised, kept), [ready], [])


def _ready_in_the_end(server: Server) -> int:
    """503 as soon as it says so; what it says after a while where it never does."""
    for _ in range(READY_TRIES):
        if (status := request(server.port, "GET", "/api/ready").status) == UNREADY:
            break
        time.sleep(0.1)
    return status


async def _after_it(server: Server, senders: Senders) -> int:
    """What the process says of itself once it refuses, or after as many leads as before it."""
    goal = len(senders.promised) + BEFORE
    while len(senders.promised) < goal and not senders.odd:  # noqa: ASYNC110  in this very loop
        await asyncio.sleep(0.001)
    ready = await asyncio.to_thread(request, server.port, "GET", "/api/ready")
    return ready.status


def _missing(promised: Mapping[int, str], kept: Mapping[int | None, str | None]) -> int:
    return sum(kept.get(number) != name for number, name in promised.items())


def _lines(server: Server) -> int:
    return sum(line.get("event") == "store.lost" for line in server.lines)


def _kept_in_one_of(folder: Path, pattern: str, account: Account) -> dict[int | None, str | None]:
    found = next(folder.glob(pattern), None)
    return {} if found is None else _kept(Store(found), account)


def _kept(store: Store, account: Account) -> dict[int | None, str | None]:
    return {lead.lead_id: lead.details.name for lead in store.leads(account)}


def main() -> None:
    """Print a row for each act, then for each way to copy."""
    print(f"{'act':<28} {'acknowledged':>12} {'missing':>8}  ready")
    for act in ACTS:
        _print(act.name, partial(outcome_of, act))
    for name, how in COPIES.items():
        _print(name, partial(outcome_of_copying, how))
    _print("cat /dev/zero > filler", outcome_of_a_full_disk)


def _print(name: str, run: Callable[[Path], Coroutine[Any, Any, Outcome]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(run(Path(folder)))
    ready = ", ".join(map(str, found.ready))
    print(f"{name:<28} {found.acknowledged:>12,} {found.missing:>8,}  {ready}", flush=True)


if __name__ == "__main__":
    main()
