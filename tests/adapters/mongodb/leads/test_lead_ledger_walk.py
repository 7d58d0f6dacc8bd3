"""
Random walks over what may befall processes that share a store.

On a model of the store in memory, where steps are cheap, and on a real server.
"""

import asyncio
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from adapters.mongodb import MongoDatabase
from tests.adapters.mongodb.leads.walk.walking import PROCESSES, World
from tests.support.builders import a_project
from tests.support.faulty_store import Fault
from tests.support.memory_mongo import memory_store
from tests.support.repetitions import times

LIMITS = (None, 0, 2, 5, 5, 8, 12, 20)
PAUSES = (0.0, 0.0, 1.0, 1.8, 7.0)
"""After a change of the limit: some processes know it, or all of them."""
KINDS = ("none", "none", "none", "kill", "lose", "freeze", "part")
MOST_AWAITS = 14
"""Of the countdowns of faults."""

STEPS = {
    "capture": 60,
    "thaw": 8,
    "kill frozen": 4,
    "limit": 8,
    "month": 3,
    "hints": 5,
    "time": 5,
    "leap": 8,
}
"""How often each is taken."""


async def one_step(world: World) -> None:
    chance = world.chance
    match chance.choices(list(STEPS), list(STEPS.values()))[0]:
        case "capture":
            fault = Fault(
                chance.choice(KINDS), chance.randint(1, MOST_AWAITS), after=chance.random() < 0.5
            )
            await world.capture(chance.randrange(PROCESSES), fault, world.some_captures())
        case "thaw":
            await world.thaw(kill=False)
        case "kill frozen":
            await world.thaw(kill=True)
        case "limit":
            await world.change_limit(chance.choice(LIMITS), chance.choice(PAUSES))
        case "month":
            world.next_month()
        case "hints":
            await world.lose_hints()
        case "time":
            world.seconds += chance.choice([0.5, 1.5, 1.5, 60])
        case "leap":
            await world.leap()


async def walk(world: World, steps: int) -> None:
    for _ in range(steps):
        await one_step(world)
        await world.check()
    await world.redeliver()


@pytest.mark.parametrize("seed", range(108, 108 + times(16, quick=2)))
async def test_a_walk_over_the_model_breaks_no_promise(seed: int) -> None:
    await walk(World(memory_store(), a_project(), Random(seed)), steps=120)


@pytest.mark.parametrize("seed", range(times(4, quick=1)))
async def test_a_walk_over_a_real_server_breaks_no_promise(
    database: MongoDatabase, seed: int
) -> None:
    with database.work(60) as store:
        await walk(World(store, a_project(), Random(seed)), steps=100)


async def test_the_walk_sees_a_limit_that_is_exceeded() -> None:
    world = World(memory_store(), a_project(), Random(1))
    await world.capture(0, Fault(), world.some_captures())
    project_id, month = world.project.project_id, str(world.month)
    intruders = [
        {"_id": f"/{n}", "project_id": project_id, "lead_id": n, "month": month, "place": n}
        for n in range(10**6, 10**6 + 10)
    ]

    await world.check()
    await world.store.leads.insert_many(intruders, ordered=False)

    with pytest.raises(AssertionError):
        await world.check()


class Walk(RuleBasedStateMachine):
    """The same steps, chosen by Hypothesis, which finds the shortest way to a broken promise."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.world = World(memory_store(), a_project(), Random(0))

    @rule(
        process=st.integers(0, PROCESSES - 1),
        kind=st.sampled_from(KINDS),
        countdown=st.integers(1, MOST_AWAITS),
        after=st.booleans(),
        seed=st.integers(0, 10_000),
    )
    def capture(self, process: int, kind: str, countdown: int, after: bool, seed: int) -> None:
        self.world.chance.seed(seed)

        async def work() -> None:
            fault = Fault(kind, countdown, after=after)
            await self.world.capture(process, fault, self.world.some_captures())

        self.run(work())

    @rule(kill=st.booleans())
    def thaw(self, kill: bool) -> None:
        self.run(self.world.thaw(kill=kill))

    @rule(limit=st.sampled_from(LIMITS), pause=st.sampled_from(PAUSES))
    def change_limit(self, limit: int | None, pause: float) -> None:
        self.run(self.world.change_limit(limit, pause))

    @rule()
    def next_month(self) -> None:
        self.world.next_month()

    @rule()
    def lose_hints(self) -> None:
        self.run(self.world.lose_hints())

    @rule()
    def leap(self) -> None:
        self.run(self.world.leap())

    @rule(seconds=st.sampled_from([0.5, 1.5, 60.0]))
    def let_time_pass(self, seconds: float) -> None:
        self.world.seconds += seconds

    @invariant()
    def promises_hold(self) -> None:
        self.run(self.world.check())

    def run(self, work: Any) -> None:
        self.runner.run(work)

    def teardown(self) -> None:
        async def end() -> None:
            while self.world.frozen:
                await self.world.thaw(kill=True)
            await self.world.redeliver()

        self.run(end())
        self.runner.close()


Walk.TestCase.settings = settings(
    max_examples=30,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestAnyWalk = Walk.TestCase
