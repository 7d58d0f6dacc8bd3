"""A plan whose limit changes, and what each process may do with what it knows of it."""

from collections.abc import Awaitable
from dataclasses import dataclass, field
from random import Random

from domain.plan import Month
from tests.adapters.mongodb.leads.walk.processes import (
    BETWEEN_CHANGES_SECONDS,
    DEADLINE_SECONDS,
    EVERYBODY_KNOWS_SECONDS,
    SETTINGS_SECONDS,
    Limit,
    Process,
    Work,
    most,
)
from tests.adapters.mongodb.leads.walk.promises import Promises
from tests.contracts.recording import NOVEMBER

ASKS_ANEW = 0.4


@dataclass
class LimitedPromises(Promises):
    """
    What was said of a store, and how many places it may give away.

    Each batch is judged by the limit that its process knew. Once nobody can know an older
    one, all of them together are.

    Attributes:
        allowed: Per month, how many places may be taken while everybody knows the limit: so
            many, or as many as were taken before that.
        happened: Counts what processes did, and changes of the limit and the month.
    """

    chance: Random
    limit: Limit = 5
    older_limit: Limit = 5
    month: Month = NOVEMBER
    changed_at: float = float("-inf")
    seconds: float = 1000.0
    happened: int = 0
    months: set[Month] = field(default_factory=set)
    allowed: dict[Month, float] = field(default_factory=dict)

    async def change_limit(self, limit: Limit, then_seconds: float = 7) -> None:
        """From now on this limit holds; so many seconds go by."""
        self.seconds = max(self.seconds, self.changed_at + BETWEEN_CHANGES_SECONDS)
        self.older_limit, self.limit, self.changed_at = self.limit, limit, self.seconds
        self.happened += 1
        self.allowed.clear()
        self.seconds += then_seconds
        await self.allow()

    def next_month(self) -> None:
        self.month = self.month.next()
        self.happened += 1

    def limits_in_use(self) -> list[Limit]:
        """The limit that holds, and the older one while somebody may still write with it."""
        is_old = self.seconds - self.changed_at >= SETTINGS_SECONDS + DEADLINE_SECONDS
        return [self.limit] if is_old else [self.limit, self.older_limit]

    async def check(self) -> None:
        """What is promised holds now, and no month has more than it may."""
        await super().check()
        await self.allow()
        for month in self.months:
            places = await self.places(month)
            assert len(places) == len(set(places))
            assert len(places) <= self.allowed.get(month, len(places))

    async def allow(self) -> None:
        """Note how many places may be taken, where everybody knows the limit."""
        self.months.add(self.month)
        if self.seconds - self.changed_at < EVERYBODY_KNOWS_SECONDS:
            return
        for month in self.months - self.allowed.keys():
            self.allowed[month] = max(most(self.limit), len(await self.places(month)))

    async def begin(self, process: Process) -> Work:
        """What *process* is allowed to do with the limit that it knows."""
        limit = self._known_limit(process)
        taken = len(await self.places(self.month))
        return Work(limit, self.month, self.seconds, most(limit), taken, as_of=self.happened)

    async def watch(self, work: Work, doing: Awaitable[object]) -> None:
        """Whatever is done in *work*, and by nobody else meanwhile, is within its limit."""
        before = len(await self.places(work.month))
        work.most = max(work.most, most(self.limit))
        try:
            await doing
        finally:
            work.added += len(await self.places(work.month)) - before
            self.happened += 1
            work.as_of = self.happened
            assert work.is_legal

    def _known_limit(self, process: Process) -> Limit:
        """The limit that holds, or one that was asked for less than two seconds ago."""
        is_old = self.seconds - process.asked_at >= SETTINGS_SECONDS
        if is_old or self.chance.random() < ASKS_ANEW:
            process.limit, process.asked_at = self.limit, self.seconds
        return process.limit
