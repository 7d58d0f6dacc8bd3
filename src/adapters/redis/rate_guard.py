"""
Rate windows that all processes share, without a round trip per request.

First the windows as they are in Redis (`SharedWindows`), then the guard of one process, which
counts by itself and exchanges with Redis ten times a second (`RedisRateGuard`), and last for how
long it does (`exchanging`). Redis may be emptied or away at any moment: then windows begin anew,
or each process guards alone, and no call waits or fails for it.
"""

import asyncio
import contextvars
from collections.abc import (
    AsyncIterator,
    Callable,
    Container,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from math import ceil

from redis.asyncio import Redis

from adapters.redis.client import close_redis
from application.ports.clock import Clock
from application.ports.rate_guard import RateGuard

Client = tuple[str, str]
"""A project's id and the address of one of its clients."""
NEVER_ENDS = -1
"""What PTTL answers for a key that has no end."""
EXCHANGE_EVERY_SECONDS = 0.1
SHARED_PART = 0.01
"""
The part of a window's calls that a client makes in one process before Redis hears of it.

Each command costs a process some 10 microseconds, and most clients call once or twice.
"""
SOON_SECONDS = 1.0
"""A window that ends within this time may have ended when Redis is asked: it is begun if it has."""
PAUSE_SECONDS = 1.0
"""The pause between two tries while Redis is away."""
MOST_CLIENTS = 20_000
CHUNK_CLIENTS = 50
"""Clients per round trip: the requests get their turn between two."""


@dataclass(frozen=True, slots=True)
class SharedWindow:
    """How many calls all processes have let through, and when the window ends."""

    calls: int
    ends_in_seconds: float


class SharedWindows:
    """
    Counts calls per client in windows that begin with the first call, for all processes.

    Plain commands, each on one key: any server and any cluster can do them. Only a digest
    of project and address is stored, and only until the window ends.
    """

    def __init__(self, redis: Redis, calls: int, window_seconds: float) -> None:
        self._redis = redis
        self._window_milliseconds = max(1, round(window_seconds * 1000))
        # A process with another limit, as after a change of settings, has keys of its own.
        self._prefix = f"swiftcrm:rate:{calls}/{self._window_milliseconds}:"

    async def add(
        self, deltas: Mapping[Client, int], begun: Container[Client] = frozenset()
    ) -> dict[Client, SharedWindow]:
        """
        Add calls to the windows of their clients; the windows after it.

        Most clients call once: one command begins the window of a client and counts its calls. If
        there is a window already, or that of the client has *begun* and not ended, as far as is
        known, two commands of a second round trip count the calls and ask when the window ends.
        Commands of other processes may come between any two. A client whose key cannot be counted,
        since somebody put something else there, is left out.

        Raises:
            Exception: Any of the driver's; then nobody knows what was added.
        """
        new = {client: delta for client, delta in deltas.items() if client not in begun}
        answers = await self._begin(new) if new else {}
        windows = {
            client: SharedWindow(new[client], self._window_milliseconds / 1000)
            for client, answer in answers.items()
            if answer is True
        }
        # Whoever got an error may have been counted all the same: nobody is counted twice.
        others = {client: delta for client, delta in deltas.items() if answers.get(client) is None}
        return windows | await self._count(others) if others else windows

    async def _begin(self, deltas: Mapping[Client, int]) -> dict[Client, object]:
        """
        Begin a window for each client that has none, with its calls in it.

        Returns:
            For each client, True if its window began, None if there is one, or an error.
        """
        async with self._redis.pipeline(transaction=False) as pipeline:
            for client, delta in deltas.items():
                pipeline.set(self._key(client), delta, px=self._window_milliseconds, nx=True)
            answers = await pipeline.execute(raise_on_error=False)
        return dict(zip(deltas, answers, strict=True))

    async def _count(self, deltas: Mapping[Client, int]) -> dict[Client, SharedWindow]:
        """Add calls to windows that are there, and read when each ends."""
        keys = {client: self._key(client) for client in deltas}
        async with self._redis.pipeline(transaction=False) as pipeline:
            for client, delta in deltas.items():
                pipeline.incrby(keys[client], delta)
                pipeline.pttl(keys[client])
            answers = await pipeline.execute(raise_on_error=False)

        counted = zip(deltas, answers[::2], answers[1::2], strict=True)
        found = {client: (calls, ends) for client, calls, ends in counted if _is_count(calls, ends)}
        await self._end([keys[client] for client, (_, ends) in found.items() if ends == NEVER_ENDS])
        return {client: self._window(calls, ends) for client, (calls, ends) in found.items()}

    async def _end(self, keys: list[str]) -> None:
        """
        Give an end to keys without one.

        If a window has ended, or ends, before INCRBY, that makes a key that never ends, and its
        client would be refused for ever once it is full. If this process is killed before it
        gives the key an end, the next process that counts this client does.
        """
        if keys:
            async with self._redis.pipeline(transaction=False) as pipeline:
                for key in keys:
                    pipeline.pexpire(key, self._window_milliseconds)
                await pipeline.execute(raise_on_error=False)

    def _window(self, calls: int, ends_in_milliseconds: int) -> SharedWindow:
        if ends_in_milliseconds == NEVER_ENDS:
            ends_in_milliseconds = self._window_milliseconds
        return SharedWindow(calls, ends_in_milliseconds / 1000)

    def _key(self, client: Client) -> str:
        project_id, address = client
        text = f"{len(project_id)}:{project_id}{address}"  # two clients are never one text
        name = blake2b(text.encode(errors="surrogatepass"), digest_size=16)
        return self._prefix + name.hexdigest()


def _is_count(calls: object, ends_in_milliseconds: object) -> bool:
    """Whether both are answers and not errors, of a key that was still there."""
    return (
        isinstance(calls, int)
        and isinstance(ends_in_milliseconds, int)
        and ends_in_milliseconds >= NEVER_ENDS
    )


@dataclass(slots=True)
class _Known:
    calls: int
    ends_at: float


class RedisRateGuard(RateGuard):
    """
    Lets at most *calls* per project and client through in *window_seconds*, all processes together.

    A call is judged from memory and never waits for Redis. Ten times a second each process adds to
    Redis what it has let through, and reads what all have; but only of clients whose calls there
    have become *shared_part* of a window's. Once per window, at a moment of its own, it forgets
    those that are still fewer. So several processes may together let through too much, each twice
    that part at most and what comes between two exchanges: it is a guard against runaways, not a
    quota.

    Every call that is let through is counted by *stand_in* as well, which refuses by itself:
    while Redis is away, each process guards alone.

    Memory is bounded: the shared windows of *most_clients* are known, and the calls of as many
    others are counted until they are shared; newcomers beyond that are left to *stand_in*.
    """

    def __init__(
        self,
        redis: Redis,
        stand_in: RateGuard,
        calls: int,
        window_seconds: float,
        clock: Clock,
        most_clients: int = MOST_CLIENTS,
        shared_part: float = SHARED_PART,
    ) -> None:
        self._windows = SharedWindows(redis, calls, window_seconds)
        self._stand_in = stand_in
        self._calls = calls
        self._window_seconds = window_seconds
        self._monotonic: Callable[[], float] = clock.monotonic
        self._most_clients = most_clients
        self._known: dict[Client, _Known] = {}
        self._unsent: dict[Client, int] = {}
        self._due: list[Client] = []
        self._shared_from = max(1, ceil(shared_part * calls))
        self._forget_at = clock.monotonic() + window_seconds
        self._running = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to exchange ten times a second; needs a running loop."""
        self._running = True
        self._task = asyncio.get_running_loop().create_task(
            self._run(),
            name="rate-exchange",
            context=contextvars.Context(),  # it belongs to no request
        )

    async def stop(self) -> None:
        """End the exchange; what was not sent is lost, and the other processes count on."""
        self._running = False  # asyncio.wait_for, in the driver, now and then swallows a cancel()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
            self._task = None

    def seconds_to_wait(self, project_id: str, client_address: str) -> int | None:
        """Count one call; a call that the shared window refuses is counted nowhere."""
        client = (project_id, client_address)
        unsent = self._unsent.get(client, 0)
        wait = self._shared_wait(client, unsent)
        if wait is None:
            wait = self._stand_in.seconds_to_wait(project_id, client_address)
        if wait is None and (unsent or self._has_room_for(client)):
            self._unsent[client] = unsent + 1
            if unsent + 1 == self._shared_from:
                self._due.append(client)
        return wait

    async def exchange(self) -> bool:
        """
        Send Redis the calls of those clients who have made enough, and read the shared windows.

        Does no I/O where no client has; never raises. Each call is sent once: if Redis
        does not answer, it may have counted it or not, and to send it again might refuse calls
        wrongly. Nor do two exchanges at a time send a call twice: each takes what is unsent away.

        Returns:
            False if Redis did not answer.
        """
        for chunk in _chunks(self._take_due()):
            try:
                windows = await self._windows.add(chunk, self._begun(chunk))
            except Exception:  # noqa: BLE001  whatever it is, the next try must come
                return False
            self._learn(windows)
        return True

    def _has_room_for(self, client: Client) -> bool:
        return len(self._unsent) < self._most_clients or client in self._known

    def _shared_wait(self, client: Client, unsent: int) -> int | None:
        known = self._known.get(client)
        if known is None or known.calls + unsent < self._calls:
            return None
        seconds = known.ends_at - self._monotonic()
        return max(1, ceil(seconds)) if seconds > 0 else None

    def _take_due(self) -> dict[Client, int]:
        """
        Take away what is to be sent, and return it.

        It is added to what is known, so that the calls of this moment are judged with it while
        the answer is still on its way.
        """
        taken, self._due = self._due, []
        due = {client: self._unsent.pop(client) for client in taken}
        self._forget_ended()
        for client, calls in due.items():
            if client in self._known:
                self._known[client].calls += calls
        return due

    def _begun(self, clients: Iterable[Client]) -> set[Client]:
        """Those of *clients* whose window will not have ended when Redis counts them."""
        soon, known = self._monotonic() + SOON_SECONDS, self._known
        return {one for one in clients if one in known and soon < known[one].ends_at}

    def _forget_ended(self) -> None:
        """
        Forget ended windows, once per window: to go through all of them costs too much.

        And calls that are too few to be shared: what a client does now and then would add up.
        """
        now = self._monotonic()
        if now >= self._forget_at:
            self._known = {c: known for c, known in self._known.items() if now < known.ends_at}
            self._unsent.clear()
            self._forget_at = now + self._window_seconds

    def _learn(self, windows: Mapping[Client, SharedWindow]) -> None:
        now = self._monotonic()
        for client, window in windows.items():
            if client in self._known or len(self._known) < self._most_clients:
                self._known[client] = _Known(window.calls, now + window.ends_in_seconds)

    async def _run(self) -> None:
        pause = EXCHANGE_EVERY_SECONDS
        while self._running:
            await asyncio.sleep(pause)
            pause = EXCHANGE_EVERY_SECONDS if await self.exchange() else PAUSE_SECONDS


def _chunks(deltas: Mapping[Client, int]) -> Iterator[dict[Client, int]]:
    items = iter(deltas.items())
    while chunk := dict(islice(items, CHUNK_CLIENTS)):
        yield chunk


@asynccontextmanager
async def exchanging(guards: Sequence[RateGuard], redis: Redis) -> AsyncIterator[None]:
    """While this lasts, the windows of *guards* are exchanged; *redis* is closed in the end."""
    shared = [guard for guard in guards if isinstance(guard, RedisRateGuard)]
    for guard in shared:
        guard.start()
    try:
        yield
    finally:
        for guard in shared:
            await guard.stop()
        await close_redis(redis)
