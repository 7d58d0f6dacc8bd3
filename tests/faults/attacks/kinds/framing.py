"""Point 5: requests that a proxy in front may read differently, and good ones that look odd."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from tests.entrypoints.http.connection.test_framing import HEAD, MALFORMED, WELL_FORMED
from tests.faults.attacks.measures import Finding
from tests.faults.attacks.scene import a_server
from tests.faults.attacks.sockets import CUT, NO_ANSWER, label
from tests.support.wire import Connection

PATIENCE_SECONDS = 3.0
TOGETHER = 8
REFUSED = "400 BAD_REQUEST, closed"
TAKEN = "201"
BAD = {name: data for name, data in MALFORMED.items() if data.startswith(HEAD)}
GOOD = {name: HEAD + rest for name, rest in WELL_FORMED.items()}


def framing(_seconds: float) -> Finding:
    """Requests with ambiguous framing, each of which must be 400 and close, and three good ones."""
    with a_server() as (store, server):
        head = HEAD + f"X-Api-Key: {store.account().key}\r\n".encode()

        def answered(case: bytes) -> str:
            return _answer(server.port, head + case.removeprefix(HEAD))

        with ThreadPoolExecutor(TOGETHER) as together:
            bad = dict(zip(BAD, together.map(answered, BAD.values()), strict=True))
            good = dict(zip(GOOD, together.map(answered, GOOD.values()), strict=True))
    wrong = [
        *(f"{name}: {got} (must be {REFUSED})." for name, got in bad.items() if got != REFUSED),
        *(f"{name}: {got} (must be {TAKEN})." for name, got in good.items() if got != TAKEN),
    ]  # fmt: skip
    sent = f"{len(BAD)} ambiguous requests and {len(GOOD)} good ones"
    return Finding(sent, Counter([*bad.values(), *good.values()]), also_broken=wrong)


def _answer(port: int, request: bytes) -> str:
    """How a request is answered, and, where it is refused, whether the connection is closed."""
    with Connection(port) as connection:
        connection.socket.settimeout(PATIENCE_SECONDS)
        try:
            connection.send(request)
            answer = connection.receive()
        except TimeoutError:
            return NO_ANSWER
        if answer is None:
            return CUT
        told = label(answer.status, answer.body)
        return told if told == TAKEN else f"{told}, {_end(connection)}"


def _end(connection: Connection) -> str:
    try:
        return "closed" if connection.is_closed() else "more came"
    except TimeoutError:
        return "open"
