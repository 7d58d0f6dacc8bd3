"""A channel of postcards, and what goes wrong on purpose in front of the embedded adapters."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime
from typing import Any

from application.ports.held_ledger import HeldLedger
from application.ports.lead_channel import LeadChannel
from application.ports.lead_ledger import LeadLedger
from domain.capture import Batch, NotKept, NotKeptBecause, Outcome
from domain.channel import ChannelSetting, SettingValues
from domain.delivery import Delivery, Inbound, Reading
from domain.errors import StorageUnavailable
from domain.held import HeldCall
from domain.lead import RULES, LeadDetails
from domain.refusals import ChallengeIncomplete, ChallengeNotOffered, SignatureMismatch
from tests.support.builders import a_message, a_phone
from tests.support.clocks import StillClock

POISON = "poison"
"""The name of a lead that a watched ledger raises `ValueError` for."""
UNDECIDED = "undecided"
"""The name of a lead that a watched ledger is undecided about for a while."""


class WatchedLedger(LeadLedger):
    """
    A ledger that shows what it is given, and what goes wrong on purpose.

    It waits at its gate; a write takes some seconds of a still clock; while it is down, and
    for each of the outages to come, it writes nothing; of lost answers, what was asked is done.
    It is undecided so many times about captures of this name.
    """

    is_concurrent = True

    def __init__(self, inner: LeadLedger) -> None:
        self.inner = inner
        self.batches: list[Batch] = []
        self.timeouts: list[float] = []
        self.reached = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()
        self.is_down = False
        self.outages = 0
        self.lost_answers = 0
        self.undecided_times = 0
        self._pass_time: Callable[[], None] = lambda: None

    def take(self, seconds: float, clock: StillClock) -> None:
        """Let each write take so long."""
        self._pass_time = lambda: clock.advance(seconds)

    @property
    def given(self) -> list[list[str]]:
        """The capture ids of each batch, in the order of the batches."""
        return [[capture.capture_id for capture in batch.captures] for batch in self.batches]

    async def record(self, batch: Batch, timeout_seconds: float) -> Sequence[Outcome]:
        self.batches.append(batch)
        self.timeouts.append(timeout_seconds)
        self.reached.set()
        await self.gate.wait()
        self._pass_time()
        if self.is_down or self.outages:
            self.outages = max(self.outages - 1, 0)
            raise StorageUnavailable("down")
        if any(capture.details.name == POISON for capture in batch.captures):
            raise ValueError(POISON)
        if self.undecided_times:
            self.undecided_times -= 1
            return await self._decide_about_the_others(batch)
        outcomes = await self.inner.record(batch, max(timeout_seconds, 2.0))
        if self.lost_answers:
            self.lost_answers -= 1
            raise StorageUnavailable("written, and the answer was lost")
        return outcomes

    async def _decide_about_the_others(self, batch: Batch) -> list[Outcome]:
        others = tuple(c for c in batch.captures if c.details.name != UNDECIDED)
        recorded = iter(await self.inner.record(replace(batch, captures=others), 2.0))
        return [
            next(recorded) if c in others else NotKept(NotKeptBecause.UNDECIDED)
            for c in batch.captures
        ]


class Answers:
    """A store of answers, which counts the questions and may keep them waiting or fail."""

    def __init__(self, **known: str) -> None:
        self.known = known
        self.asked: Counter[str] = Counter()
        self.questions: list[list[str]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.is_down = False

    async def load(self, key: str) -> str | None:
        self.asked[key] += 1
        await self.gate.wait()
        if self.is_down:
            raise StorageUnavailable("down")
        return self.known.get(key)

    async def load_many(self, keys: Sequence[str]) -> list[str | None]:
        """The same for several, as one question."""
        self.questions.append(list(keys))
        self.asked.update(keys)
        await self.gate.wait()
        if self.is_down:
            raise StorageUnavailable("down")
        return [self.known.get(key) for key in keys]


async def unavailable(*_: Any) -> Any:
    """What any question gets from a store that is down."""
    raise StorageUnavailable("down")


async def let_tasks_start() -> None:
    """Let every task that was made run until it waits for something else."""
    for _ in range(5):
        await asyncio.sleep(0)


class PostcardChannel(LeadChannel):
    """A channel whose deliveries say what the test wants; signed by a secret in a header."""

    name = "postcards"
    settings: Sequence[ChannelSetting] = (
        ChannelSetting(name="token", help="made when there is none", generated=True),
        ChannelSetting(name="stamp", help="8 letters", at_most=2, pattern="[a-z]{8}", secret=True),
        ChannelSetting(name="color", help="one word", pattern=r"\w+"),
        ChannelSetting(
            name="boxes", help="numbers of post boxes", at_most=9, pattern="[0-9]+", recipients=True
        ),
    )

    def __init__(self, *items: Any, ignored: int = 0) -> None:
        self.items = items
        self.ignored = ignored
        self.asks = False
        self.read_deliveries: list[Delivery] = []

    def answer_challenge(self, query: Mapping[str, str], settings: SettingValues) -> str:
        raise ChallengeIncomplete if self.asks else ChallengeNotOffered

    def authenticate(self, delivery: Delivery, settings: SettingValues) -> None:
        stamps = settings.get("stamp", ())
        if stamps and not set(stamps) & set(delivery.headers.get("x-stamp", ())):
            raise SignatureMismatch

    def read(self, delivery: Delivery) -> Reading:
        self.read_deliveries.append(delivery)
        return Reading(self.items, self.ignored)

    def sample(self, settings: SettingValues) -> Delivery:
        stamps = settings.get("stamp", ())[:1]
        return Delivery(b'{"postcard":1}', {"x-stamp": stamps}, {"from": ["a b", "c&d"]})


def a_postcard(sender: str, message_id: str | None = None, /, **fields: Any) -> Inbound:
    """A message of the person with this phone."""
    message = a_message(message_id)
    details = LeadDetails(**{name: fields.pop(name) for name in RULES if name in fields})
    usual = {"identities": (a_phone(sender),), "message": message, "details": details}
    return Inbound(**(usual | fields))


class WatchedHeldLedger(HeldLedger):
    """Shows what it is given, waits at its gate, and fails so many times."""

    def __init__(self, inner: HeldLedger) -> None:
        self.inner = inner
        self.given: list[list[HeldCall]] = []
        self.reached = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()
        self.failures: list[Exception] = []

    async def hold_or_count(
        self, calls: Sequence[HeldCall], *, has_room: bool = True
    ) -> AbstractSet[str]:
        self.given.append(list(calls))
        self.reached.set()
        await self.gate.wait()
        if self.failures:
            raise self.failures.pop()
        return await self.inner.hold_or_count(calls, has_room=has_room)

    async def hold(self, calls: Sequence[HeldCall]) -> None:
        await self.inner.hold(calls)

    async def move(self, project_id: str, held_ids: Sequence[str], code: str) -> None:
        await self.inner.move(project_id, held_ids, code)

    async def remove(self, project_id: str, held_ids: Sequence[str]) -> None:
        await self.inner.remove(project_id, held_ids)

    async def prune(self, project_id: str, code: str, *, most: int, before: datetime) -> int:
        return await self.inner.prune(project_id, code, most=most, before=before)
