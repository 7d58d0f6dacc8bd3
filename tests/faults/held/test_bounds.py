"""How much a project holds is bounded, and what was acknowledged is never pushed out."""

import asyncio

from application.held.hold_refused import ROOM_SECONDS, HoldRefused
from domain.held import NO_ROOM, PLAN_LIMIT_REACHED, HeldLimits
from entrypoints.container import Container
from tests.faults.held.sent import HELD, a_lead
from tests.support.builders import a_held_call, a_project
from tests.support.clocks import StillClock
from tests.support.load import post_together
from tests.support.program import serving
from tests.support.stores import Store

MOST = 30
FIRST, *POSTS = [a_lead(number) for number in range(121)]


async def test_of_calls_at_once_no_more_are_held_than_there_is_room_for(fresh: Store) -> None:
    account = await asyncio.to_thread(fresh.account, monthly_limit=1)
    with serving(fresh, held_max=str(MOST)) as server:
        await post_together([server.port], account, [FIRST])

        answers = await post_together([server.port], account, POSTS)
        assert await asyncio.to_thread(server.stop) == 0  # it writes down the lines that are left

    assert {one.status for one in answers if one} == {429}
    held = [HELD in one.headers for one in answers if one]
    later = ["retry-after" in one.headers for one in answers if one]
    assert held.count(True) == MOST
    assert later == [not is_held for is_held in held]
    promised = {post["name"] for post, is_held in zip(POSTS, held, strict=True) if is_held}
    found = fresh.held(account)
    assert {
        one.capture.details.name for one in found if one.capture and one.code == PLAN_LIMIT_REACHED
    } == promised
    assert sum(one.times for one in found if one.code == NO_ROOM) == len(POSTS) - MOST


async def test_calls_at_once_find_the_same_room_also_when_the_store_is_asked_anew(
    fresh: Store,
) -> None:
    account = await asyncio.to_thread(fresh.account)
    project = a_project(project_id=account.project_id)

    async def work(container: Container) -> tuple[int, int]:
        clock = StillClock()
        limits = HeldLimits(calls=MOST)
        hold_refused = HoldRefused(container.held_ledger(), container.held_archive(), clock, limits)
        calls = [
            a_held_call(project, held_id=f"held_{n:03}", once=f"{n}", code=PLAN_LIMIT_REACHED)
            for n in range(90)
        ]
        said: list[bool] = []
        for some in (calls[:20], calls[20:90]):
            said += await asyncio.gather(*(hold_refused.hold(call) for call in some))
            clock.advance(2 * ROOM_SECONDS)
        room = await container.held_archive().room(project.project_id, PLAN_LIMIT_REACHED)
        return said.count(True), room.calls

    assert await asyncio.to_thread(fresh.use, work) == (MOST, MOST)
