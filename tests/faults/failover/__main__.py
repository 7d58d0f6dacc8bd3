"""
Disturb the primary of a real replica set of three while leads come in, and say what it did to them.

A process of the program, with default settings, stands on three mongods of its own on 127.0.0.1.
Leads are posted to it steadily, none twice. Beside it, in the same run and at the same pace, a bare
client with the driver's defaults inserts a document each time, acknowledged by the majority: what
it meets is the set's and the driver's, what leads meet beyond it is ours.

The primary is killed (kill -9) and started again 15 s later, frozen (SIGSTOP) for 30 s, or told to
step down. For each: the longest time without a success, when the last failure was answered, how
many failed in all and how many late, which is after that time, and the slowest answer. What was not
answered within 2.5 s counts as failed for either, for nobody waits longer for a lead. In the end
every lead that was answered 201 is looked for in the store: the exit code is 1 where one is missing
or there twice, else 0.
"""

import argparse
import asyncio
import json
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.faults.failover.disturbances import DISTURBANCES
from tests.faults.failover.measures import HEAD, Row, counted, line, outage, summary
from tests.faults.failover.writers import (
    READY_EVERY_SECONDS,
    Attempt,
    Leads,
    plain_writer,
    steadily,
)
from tests.support.program import Server, serving
from tests.support.servers.replica_set import ReplicaSet, replica_set
from tests.support.stores import Account, Store

EXAMPLES = """\
examples:
  python -m tests.faults.failover                                ten kills, ten freezes, five
                                                                 step-downs; twenty minutes
  python -m tests.faults.failover --kills 2 --freezes 0 --step-downs 0
  python -m tests.faults.failover --driver pymongo --setting electionTimeoutMillis=3000
"""
CALM_SECONDS = 4.0
AFTERWARDS_SECONDS = 20.0
"""After the fault was undone: a member that comes back may disturb as well."""


def main() -> int:
    """Run all faults one after the other; a row each."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the servers end as well
    parameters = [word for one in options.parameter for word in ("--setParameter", one)]
    with (
        tempfile.TemporaryDirectory() as folder,
        replica_set(*parameters, **dict(options.setting)) as members,
    ):
        store = Store(Path(folder) / "none", members.url("leads"), options.driver)
        account = store.account()
        with serving(store) as server:
            leads = Leads(server, account)
            with plain_writer(members.url("plain"), 1 / options.rate) as plain:
                asyncio.run(_run(options, members, leads, plain))
            if options.keep is not None:
                _keep(options.keep, server, members, {"leads": leads.attempts, "plain": plain})
        return _verdict(store, account, leads)


async def _run(
    options: argparse.Namespace, members: ReplicaSet, leads: Leads, plain: list[Attempt]
) -> None:
    sending = [
        asyncio.create_task(steadily(leads.post, 1 / options.rate)),
        asyncio.create_task(steadily(leads.look, READY_EVERY_SECONDS)),
    ]
    print(HEAD, flush=True)
    rows = []
    for name in _faults(options):
        row = await _disturbed(name, members, leads, plain)
        rows.append(row)
        print(line(row), flush=True)
        for task in sending:
            if task.done():
                await task
    print("\n".join(["", *summary(rows)]))
    print(f"leads: {counted(leads.attempts)}\nplain writer: {counted(plain)}")
    for task in sending:
        task.cancel()
    await asyncio.wait(sending)


async def _disturbed(name: str, members: ReplicaSet, leads: Leads, plain: list[Attempt]) -> Row:
    disturbance = DISTURBANCES[name]
    await asyncio.to_thread(members.until_whole)
    await asyncio.sleep(CALM_SECONDS)
    member = await asyncio.to_thread(members.primary)
    fault = time.monotonic()
    await asyncio.to_thread(disturbance.does, member)
    await asyncio.sleep(disturbance.lasts_seconds)
    await asyncio.to_thread(disturbance.undoes, member)
    await asyncio.sleep(AFTERWARDS_SECONDS)
    end = time.monotonic()
    unready = sum(not one.is_success for one in leads.ready if fault <= one.ended <= end)
    return Row(
        fault=name,
        ours=outage(list(leads.attempts), fault, end),
        plain=outage(list(plain), fault, end),
        unready=unready * READY_EVERY_SECONDS,
    )


def _faults(options: argparse.Namespace) -> Iterator[str]:
    for name in DISTURBANCES:
        yield from [name] * getattr(options, name.replace("-", "_") + "s")


def _verdict(store: Store, account: Account, leads: Leads) -> int:
    names = {lead.lead_id: lead.details.name for lead in store.leads(account)}
    missing = [number for number, name in leads.promised.items() if names.get(number) != name]
    twice = [name for name, times in Counter(names.values()).items() if times > 1]
    print(f"{len(leads.promised)} leads acknowledged, {len(missing)} missing, {len(twice)} twice")
    return 1 if missing or twice else 0


def _keep(
    folder: Path, server: Server, members: ReplicaSet, attempts: Mapping[str, Sequence[Attempt]]
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "program.log").write_bytes(server.raw_log)
    for number, member in enumerate(members.members):
        shutil.copy(member.folder / "mongod.log", folder / f"mongod-{number}.log")
    for name, seen in attempts.items():
        lines = (json.dumps(attempt._asdict()) for attempt in seen)
        (folder / f"{name}.ndjson").write_text("\n".join(lines) + "\n")


def _setting(text: str) -> tuple[str, int]:
    name, _, number = text.partition("=")
    return name, int(number)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults.failover",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    count = {"type": int, "metavar": "N"}
    parser.add_argument("--kills", default=10, help="how many (%(default)d)", **count)
    parser.add_argument("--freezes", default=10, help="how many (%(default)d)", **count)
    parser.add_argument("--step-downs", default=5, help="how many (%(default)d)", **count)
    parser.add_argument(
        "--driver", default="motor", choices=("motor", "pymongo"), help="(%(default)s)"
    )
    parser.add_argument(
        "--rate", type=float, default=20.0, help="leads, and documents, a second (%(default)g)"
    )
    parser.add_argument(
        "--setting",
        type=_setting,
        action="append",
        default=[],
        metavar="NAME=NUMBER",
        help="of the replica set, like electionTimeoutMillis; without, MongoDB's defaults",
    )
    parser.add_argument(
        "--parameter",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="of each mongod, as its --setParameter takes it",
    )
    parser.add_argument(
        "--keep",
        type=Path,
        metavar="FOLDER",
        help="where the logs of the program and of the members go, and every attempt",
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
