"""
How long a WhatsApp delivery of 1,000 messages from 400 people takes to be answered 200.

    python -m tests.bench.delivery
"""

import random
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests.entrypoints.http.webhooks.deliveries import SECRET, a_delivery, a_message, deliver
from tests.support.program import serving
from tests.support.servers.mongod import mongod
from tests.support.stores import KINDS, a_store

MESSAGES = 1_000
PEOPLE = 400
TIMES = 5
TALKATIVE = 100
"""Of these messages one person wrote all, in one of the deliveries."""


def a_large_delivery(number: int, *, talkative: int = 0) -> bytes:
    """Messages of people of whom nobody was heard before, in no order."""
    senders = [f"49{number:03}{person:07}" for person in range(PEOPLE)]
    chosen = senders + [senders[0]] * talkative
    chosen += random.Random(number).choices(senders, k=MESSAGES - len(chosen))
    random.Random(number).shuffle(chosen)
    return a_delivery(
        *(a_message(f"wamid.{number}.{n}", f"text {n}", one) for n, one in enumerate(chosen)),
        contacts=[{"profile": {"name": f"P {one}"}, "wa_id": one} for one in senders],
    )


def measure(kind: str) -> str:
    """One row: the milliseconds of each delivery, new, with a talkative person, and again."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        store = a_store(kind, Path(folder), lambda: stack.enter_context(mongod()).url())
        account = store.account()
        store.connect(account, app_secret=[SECRET])
        server = stack.enter_context(serving(store))
        rounds = {
            "new": [a_large_delivery(n) for n in range(TIMES)],
            "talkative": [a_large_delivery(TIMES + n, talkative=TALKATIVE) for n in range(TIMES)],
            "again": [a_large_delivery(n) for n in range(TIMES)],
        }
        columns = []
        for bodies in rounds.values():
            took = []
            for body in bodies:
                began = time.perf_counter()
                answer = deliver(server, account, body)
                took.append((time.perf_counter() - began) * 1000)
                if answer.status != 200:
                    raise SystemExit(f"not taken: {answer.body!r}")
            columns.append(f"{statistics.median(took):>7.0f} {max(took):>7.0f}")
    return f"{kind:<8}" + "  ".join(columns)


def main() -> None:
    """Print a row for each store and driver."""
    print(f"{'':<8}" + "  ".join(f"{name:^15}" for name in ("new", "talkative", "again")))
    print(f"{'store':<8}" + "  ".join([f"{'median':>7} {'max':>7}"] * 3) + "   milliseconds")
    for kind in KINDS:
        print(measure(kind), flush=True)


if __name__ == "__main__":
    main()
