"""What nothing proves: taken on its key, but not from a browser, and not without end."""

import asyncio
import gc
import time
from collections import Counter
from threading import get_ident

import pytest

from application.receive.body_reader import MOST, SHORT_BODY_BYTES, BodyReader
from application.receive.keep_items import UNPROVEN_TOGETHER
from application.receive.unproven import ITEMS_PER_MINUTE, MOST_WAITING, PAUSES, Turns
from domain.channel import ChannelEvent
from domain.delivery import SMALL_BODY_BYTES, Delivery
from domain.held import HeldQuery
from domain.project import Project
from domain.refusals import DomainNotAllowed, InvalidJson, Overloaded, SignatureMismatch
from entrypoints.container import Container
from tests.application.fakes import WatchedLedger, a_postcard, let_tasks_start
from tests.application.in_force import OURS, STAMPED, hold_at_most, lists
from tests.application.kept import codes_of, leads_of
from tests.application.posting import Post
from tests.support.clocks import StillClock

PAGE = {"origin": ["https://evil.com"]}


@pytest.fixture
def room_for_three(container: Container) -> None:
    hold_at_most(container, 3)


def many(first: int, count: int) -> list[object]:
    """So many people, each with a message."""
    return [a_postcard(str(number), f"m{number}") for number in range(first, first + count)]


async def test_a_browser_is_no_sender_where_no_secret_is_set(
    post: Post, container: Container, project: Project
) -> None:
    with pytest.raises(DomainNotAllowed) as refused:
        await post(a_postcard("1"), delivery=Delivery(b"", PAGE))

    assert refused.value.origin == "evil.com"
    assert post.channel.read_deliveries == []
    assert await leads_of(container, project) == []


@pytest.mark.parametrize("stamp", [None, "zzzzzzzz"])
async def test_a_browser_that_proves_nothing_is_no_sender_where_one_is_set_either(
    post: Post, container: Container, project: Project, stamp: str | None
) -> None:
    await lists(container, project, [])
    headers = PAGE | ({"x-stamp": [stamp]} if stamp else {})

    with pytest.raises(DomainNotAllowed):
        await post(a_postcard("1"), delivery=Delivery(b"", headers))


async def test_a_browser_that_holds_the_secret_is_one(
    post: Post, container: Container, project: Project
) -> None:
    await lists(container, project, [])
    receipt = await post(a_postcard("1"), delivery=Delivery(b"", PAGE | {"x-stamp": [OURS]}))

    assert receipt.new_leads == 1


@pytest.mark.parametrize("origin", ["", " "])
async def test_an_empty_origin_is_none(post: Post, origin: str) -> None:
    receipt = await post(a_postcard("1"), delivery=Delivery(b"", {"origin": [origin]}))

    assert receipt.new_leads == 1


async def test_what_the_head_refuses_is_refused_before_the_body_and_noted(
    post: Post, container: Container, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    await lists(container, project, [])
    noted: list[ChannelEvent] = []
    monkeypatch.setattr(post.receive._activity, "note", lambda *event: noted.append(event[2]))
    monkeypatch.setattr(post.channel, "authenticate_head", post.channel.authenticate)

    with pytest.raises(SignatureMismatch):
        await post.receive.expect("postcards", post.key, Delivery(b"", {}))
    assert noted == [ChannelEvent.BAD_SIGNATURE]


async def test_no_more_items_become_leads_in_a_minute_and_each_further_one_is_held(
    post: Post, container: Container, project: Project
) -> None:
    first = await post(*many(0, ITEMS_PER_MINUTE - 1))
    second = await post(*many(ITEMS_PER_MINUTE - 1, 3))

    assert (first.new_leads, first.held) == (ITEMS_PER_MINUTE - 1, 0)
    assert (second.received, second.new_leads, second.held) == (3, 1, 2)
    assert await codes_of(container, project) == ["UNPROVEN"] * 2
    assert len(await leads_of(container, project)) == ITEMS_PER_MINUTE


async def test_naming_a_number_that_nobody_lists_is_no_way_around(
    post: Post, container: Container, project: Project
) -> None:
    await lists(container, project, ["1"], ())
    items = [
        a_postcard(str(number), f"m{number}", recipient="9")
        for number in range(ITEMS_PER_MINUTE + 5)
    ]
    await post(*items)

    assert Counter(await codes_of(container, project)) == {
        "NUMBER_NOT_LISTED": ITEMS_PER_MINUTE,
        "UNPROVEN": 5,
    }


async def test_where_there_is_no_room_to_hold_it_a_delivery_is_refused_and_nothing_is_given_up(
    room_for_three: None, post: Post, container: Container, project: Project
) -> None:
    await post(*many(0, ITEMS_PER_MINUTE))
    await post(*many(1_000, 3))

    with pytest.raises(Overloaded):
        await post(*many(2_000, 1))
    assert await codes_of(container, project) == ["UNPROVEN"] * 3


async def test_what_is_held_unproven_goes_by_its_age_alone(
    post: Post, container: Container, project: Project, clock: StillClock
) -> None:
    await post(*many(0, ITEMS_PER_MINUTE + 3))
    hold_at_most(container, 1)  # as when somebody lowers the bound
    await container.release_loop().round()
    assert await codes_of(container, project) == ["UNPROVEN"] * 3
    clock.advance(91 * 24 * 3600)
    await container.release_loop().round()

    assert await codes_of(container, project) == []


async def test_a_large_unproven_delivery_makes_the_next_one_of_its_project_wait(
    post: Post, clock: StillClock, project: Project
) -> None:
    await post(a_postcard("1"), delivery=Delivery(b"x" * 100_000, {}))

    line = post.receive._turns._lines[project.project_id]
    assert line.next_at > clock.monotonic()


async def test_a_channel_with_a_defect_is_not_taken_for_one_that_proves_its_deliveries(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(post.channel, "authenticate", fail)

    expected = await post.receive.expect("postcards", post.key, Delivery(b"", {}))
    assert not expected.needs_proof


async def test_a_minute_later_items_become_leads_again(post: Post, clock: StillClock) -> None:
    await post(*many(0, ITEMS_PER_MINUTE))
    clock.advance(60)
    receipt = await post(*many(ITEMS_PER_MINUTE, 2))

    assert (receipt.new_leads, receipt.held) == (2, 0)


async def test_what_a_secret_proves_is_not_counted(
    post: Post, container: Container, project: Project
) -> None:
    await lists(container, project, [])
    receipt = await post(*many(0, ITEMS_PER_MINUTE + 5), delivery=STAMPED)

    assert (receipt.new_leads, receipt.held) == (ITEMS_PER_MINUTE + 5, 0)


async def test_what_is_held_unproven_becomes_the_lead_that_it_would_have_been_by_hand_alone(
    post: Post, container: Container, project: Project
) -> None:
    await post(*many(0, ITEMS_PER_MINUTE))
    await post(a_postcard("99999", "late", name="Ada"))
    count = await container.release_by_hand()(
        HeldQuery(project_id=project.project_id, code="UNPROVEN")
    )

    assert (count.released, count.still_held) == (1, 0)
    assert await codes_of(container, project) == []
    assert (await leads_of(container, project))[-1].details.name == "Ada"


async def test_leads_of_others_go_in_between_unproven_items(
    post: Post, ledger: WatchedLedger
) -> None:
    await post(*many(0, 2 * UNPROVEN_TOGETHER + 1))

    assert max(len(batch) for batch in ledger.given) == UNPROVEN_TOGETHER


async def test_a_body_with_more_objects_than_any_sender_writes_is_refused_unread() -> None:
    read = BodyReader()
    for signs, most in MOST.items():
        dense = signs[:1] * most
        assert await read(dense, lambda: "read") == "read"
        with pytest.raises(InvalidJson):
            await read(dense + signs[-1:], lambda: "read")


async def test_a_body_is_read_in_a_thread_unless_it_is_short() -> None:
    read = BodyReader()

    assert await read(b"x" * SHORT_BODY_BYTES, get_ident) == get_ident()
    assert await read(b"x" * (SHORT_BODY_BYTES + 1), get_ident) != get_ident()


async def test_no_two_long_bodies_are_read_at_a_time() -> None:
    read, running = BodyReader(), []

    def work() -> int:
        running.append(1)
        most = len(running)
        time.sleep(0.01)  # so long that a second thread would be seen
        running.pop()
        return most

    assert set(await asyncio.gather(*(read(b"x" * 5_000, work) for _ in range(5)))) == {1}


async def test_what_is_read_in_a_thread_is_told_as_it_failed() -> None:
    def fail() -> None:
        raise SignatureMismatch

    with pytest.raises(SignatureMismatch):
        await BodyReader()(b"x" * 5_000, fail)
    assert gc.isenabled()


async def test_after_a_turn_the_next_one_of_the_project_waits_a_while(clock: StillClock) -> None:
    turns, waits = Turns(clock), []
    async with turns.turn("prj_1"):
        clock.advance(0.1)

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    for project_id in ("prj_1", "prj_2"):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(asyncio, "sleep", sleep)
            async with turns.turn(project_id):
                pass

    assert waits == [pytest.approx(0.1 * PAUSES), 0]


async def test_after_a_large_delivery_the_next_large_one_waits_longer_and_no_other(
    clock: StillClock,
) -> None:
    turns, large = Turns(clock), SMALL_BODY_BYTES + 1
    async with turns.turn("prj_1", large):
        clock.advance(0.1)

    with pytest.raises(Overloaded) as refused:
        turns.refuse_crowd("prj_1", large)
    assert 0.1 / (0.1 + (refused.value.retry_after_seconds or 0)) < 0.01
    turns.refuse_crowd("prj_1", SMALL_BODY_BYTES)


async def test_who_would_wait_too_long_is_told_when_to_come_again(clock: StillClock) -> None:
    turns = Turns(clock)
    async with turns.turn("prj_1"):
        clock.advance(1)

    with pytest.raises(Overloaded) as refused:
        turns.refuse_crowd("prj_1")
    assert refused.value.retry_after_seconds == PAUSES
    with pytest.raises(Overloaded):
        async with turns.turn("prj_1"):
            pass
    clock.advance(PAUSES)
    async with turns.turn("prj_1"):
        pass


async def test_who_waits_for_one_that_takes_long_is_refused_when_its_turn_comes(
    clock: StillClock,
) -> None:
    turns, done = Turns(clock), asyncio.Event()

    async def work() -> None:
        async with turns.turn("prj_1"):
            await done.wait()

    first, second = asyncio.create_task(work()), asyncio.create_task(work())
    await let_tasks_start()
    clock.advance(1)
    done.set()

    await first
    with pytest.raises(Overloaded) as refused:
        async with asyncio.timeout(10):
            await second
    assert refused.value.retry_after_seconds == PAUSES


async def test_a_large_delivery_that_nothing_proves_is_refused_before_its_body_comes(
    post: Post, clock: StillClock, container: Container, project: Project
) -> None:
    async with post.receive._turns.turn(project.project_id):
        clock.advance(1)

    expected = await post.receive.expect("postcards", post.key, Delivery(b"", {}))
    with pytest.raises(Overloaded):
        post.receive.refuse_crowd(expected, 1_000_000)
    post.receive.refuse_crowd(expected, 1_000)
    await lists(container, project, [])
    proven = await post.receive.expect("postcards", post.key, STAMPED)
    post.receive.refuse_crowd(proven, 1_000_000)


async def test_no_more_than_so_many_wait_for_the_turns_of_one_project(clock: StillClock) -> None:
    turns, done = Turns(clock), asyncio.Event()

    async def work() -> None:
        async with turns.turn("prj_1"):
            await done.wait()

    tasks = [asyncio.create_task(work()) for _ in range(MOST_WAITING)]
    await asyncio.sleep(0)

    with pytest.raises(Overloaded):
        async with asyncio.timeout(10):
            await work()
    async with turns.turn("prj_2"):
        done.set()
    await asyncio.gather(*tasks)
    await work()
