"""Point 3: connections that are never done."""

import signal
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack

from tests.faults.attacks.kinds.holders import Held, Holder, hold
from tests.faults.attacks.measures import LATE_SECONDS, SIGTERM_SECONDS, Finding
from tests.faults.attacks.scene import a_scene, a_server
from tests.faults.attacks.sockets import Watch, a_post, counted
from tests.support.load import LEAD
from tests.support.wire import Connection, request

OBSERVED_SECONDS = 70.0
LOOKED_AT_AFTER = 5.0
"""So long after the deadline it is counted which connections are open still."""
REQUEST_SECONDS, IDLE_SECONDS = 30.0, 60.0

STALLED, UPGRADED, DRIPPED_HEAD, DRIPPED_BODY, IDLE = (
    "stalled in the body",
    "Upgrade with half a body",
    "a byte of the head every four seconds",
    "a byte of the body every four seconds",
    "idle",
)
COUNTS = {STALLED: 60, UPGRADED: 100, DRIPPED_HEAD: 10, DRIPPED_BODY: 10, IDLE: 50}
UPGRADE = ("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")  # fmt: skip

HALF, WHOLE_BYTES = b'{"name": "A', 1_000
HALF_SENT = 100
END_SECONDS = 20.0
"""Of a process that does not end when it should."""


def held(_seconds: float) -> Finding:
    """Stalled, upgraded, dripping and idle connections at once, for seventy seconds."""
    with a_scene() as scene, Watch(scene.server.port) as watch:
        holders = _holders(scene.target.key)
        ends, measured = scene.measure(hold, holders, seconds=OBSERVED_SECONDS)
    facts, broken = [], []
    for kind in COUNTS:
        deadline = IDLE_SECONDS if kind == IDLE else REQUEST_SECONDS
        ones = [one for one in ends if one.kind == kind]
        ages = [watch.last_held.get(one.port, one.began) - one.began for one in ones]
        facts.append(_fact(kind, ones, ages, deadline))
        late = sum(age > deadline + LATE_SECONDS for age in ages)
        if late:
            broken.append(f"{late} of {len(ones)} connections ({kind}) outlived {deadline:.0f} s.")
    answers = Counter(one.answer for one in ends)
    return Finding(f"{len(holders)} connections", answers, measured, facts, broken)


def sigterm(_seconds: float) -> Finding:
    """A hundred half-sent bodies, and then SIGTERM."""
    with a_server() as (store, server), ExitStack() as stack:
        half = _half_sent(store.account().key)
        for _ in range(HALF_SENT):
            stack.enter_context(Connection(server.port)).send(half)
        assert request(server.port, "GET", "/api/health").status == 200
        began = time.monotonic()
        server.signal(signal.SIGTERM)
        server.process.wait(timeout=END_SECONDS)
        took = time.monotonic() - began
    is_late = took >= SIGTERM_SECONDS
    broken = [f"The end took {took:.1f} s (less than {SIGTERM_SECONDS:.0f})."] if is_late else []
    facts = [f"the process ended {took:.2f} s after SIGTERM"]
    return Finding(f"{HALF_SENT} half-sent bodies", {}, facts=facts, also_broken=broken)


def _holders(key: str) -> list[Holder]:
    half = _half_sent(key)
    kinds = {
        STALLED: Holder(STALLED, half),
        UPGRADED: Holder(UPGRADED, _half_sent(key, *UPGRADE)),
        DRIPPED_HEAD: Holder(
            DRIPPED_HEAD, half.partition(b"\r\n\r\n")[0] + b"\r\nX-A: ", b"a" * 99
        ),
        DRIPPED_BODY: Holder(DRIPPED_BODY, half, b"a" * 99),
        IDLE: Holder(IDLE),
    }
    return [kinds[kind] for kind, count in COUNTS.items() for _ in range(count)]


def _half_sent(key: str, *headers: str) -> bytes:
    return a_post(LEAD, HALF, f"X-Api-Key: {key}", *headers, length=WHOLE_BYTES)


def _fact(kind: str, ones: Sequence[Held], ages: Sequence[float], deadline: float) -> str:
    looked_at = deadline + LOOKED_AT_AFTER
    answers = counted(Counter(one.answer for one in ones))
    still_open = sum(age > looked_at for age in ages)
    return (
        f"{kind}: {still_open} of {len(ones)} open after {looked_at:.0f} s,"
        f" the oldest was {max(ages):.1f} s; {answers}"
    )
