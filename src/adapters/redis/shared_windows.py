"""The windows of the rate limit as they stand in Redis."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b

from redis.asyncio import Redis

Client = tuple[str, str]
"""A project's id and the address of one of its clients."""

NEVER_ENDS = -1
"""What PTTL answers for a key that has no end."""


@dataclass(frozen=True, slots=True)
class SharedWindow:
    """How many calls all processes let through, and when they are forgotten."""

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
        # Processes with another limit count by themselves.
        self._prefix = f"swiftcrm:rate:{calls}/{self._window_milliseconds}:"

    async def add(self, deltas: Mapping[Client, int]) -> dict[Client, SharedWindow]:
        """
        Add calls to the windows of their clients, in one round trip; the windows after it.

        Not atomic, except per client. A client whose key cannot be counted is left out.

        Raises:
            Exception: Any of the driver's; what was added then is not known.
        """
        keys = {client: self._key(client) for client in deltas}
        async with self._redis.pipeline(transaction=False) as pipeline:
            for client, delta in deltas.items():
                pipeline.set(keys[client], 0, px=self._window_milliseconds, nx=True)
                pipeline.incrby(keys[client], delta)
                pipeline.pttl(keys[client])
            answers = await pipeline.execute(raise_on_error=False)

        counted = zip(deltas, answers[1::3], answers[2::3], strict=True)
        found = {client: (calls, ends) for client, calls, ends in counted if _is_count(calls, ends)}
        endless = [keys[client] for client, (_, ends) in found.items() if ends == NEVER_ENDS]
        await self._end(endless)
        return {client: self._window(calls, ends) for client, (calls, ends) in found.items()}

    async def _end(self, keys: list[str]) -> None:
        """
        Give an end to keys without one: nobody would ever be let through again.

        A window that ends between SET and INCRBY leaves such a key; whoever meets it mends it.
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
