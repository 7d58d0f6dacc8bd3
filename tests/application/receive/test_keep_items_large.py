"""A delivery of very many items is kept whole, or given up at once."""

import asyncio
import json
from threading import get_ident

import pytest

from application.capture.lead_writer import LeadWriter
from application.receive import keep_items
from application.receive.check_items import checked
from application.receive.keep_items import (
    MANY_ITEMS,
    MOST_RECIPIENTS,
    MOST_UNREADABLE,
    WRITTEN_AT_A_TIME,
    WRITTEN_TOGETHER,
    WebhookReceipt,
)
from domain.delivery import Inbound, Unreadable
from domain.errors import StorageUnavailable
from domain.project import Project
from domain.refusals import Overloaded
from entrypoints.container import Container
from tests.application.capture.writers import StartWriter
from tests.application.fakes import WatchedLedger, a_postcard
from tests.application.in_force import STAMPED, lists
from tests.application.kept import held_by, messages_of
from tests.application.posting import Post
from tests.support.clocks import StillClock


@pytest.fixture
async def writer(start_writer: StartWriter) -> LeadWriter:
    """A busy machine may take long for so many items, and no deadline is tried here."""
    return start_writer(deadline_seconds=60.0)


async def test_a_delivery_full_of_what_cannot_be_read_is_held_as_one_beside_its_messages(
    post: Post, container: Container, project: Project
) -> None:
    odd = [Unreadable(raw=str(number)) for number in range(MOST_UNREADABLE + 1)]

    receipt = await post(*odd[:5], a_postcard("1", "m1"), *odd[5:])

    (call,) = await held_by(container, project)
    assert receipt == WebhookReceipt(received=2, new_leads=1, duplicates=0, ignored=0, held=1)
    assert json.loads(call.body) == list(range(MOST_UNREADABLE + 1))
    assert await messages_of(container, project) == [["m1"]]


@pytest.mark.parametrize(("count", "is_elsewhere"), [(10, False), (MANY_ITEMS + 1, True)])
async def test_very_many_items_are_looked_through_where_nobody_waits_for_it(
    post: Post, monkeypatch: pytest.MonkeyPatch, count: int, is_elsewhere: bool
) -> None:
    threads: set[int] = set()

    def watched(item: object) -> Inbound | Unreadable:
        threads.add(get_ident())
        return checked(item)

    monkeypatch.setattr(keep_items, "checked", watched)
    await post(*(Unreadable(raw=str(number)) for number in range(count)))

    assert (get_ident() not in threads) is is_elsewhere


@pytest.mark.parametrize("recipients", [3, MOST_RECIPIENTS + 1])
async def test_a_delivery_full_of_what_cannot_be_read_loses_none_of_it_and_names_its_recipients(
    post: Post, container: Container, project: Project, recipients: int
) -> None:
    count = MOST_UNREADABLE + 1
    odd = [Unreadable(raw=str(n), recipient=str(n % recipients)) for n in range(count)]

    await post(*odd)

    calls = await held_by(container, project)
    assert sorted(n for call in calls for n in json.loads(call.body)) == list(range(count))
    assert [call.origin for call in calls] == (["0", "1", "2"] if recipients == 3 else [None])


async def test_a_delivery_to_more_numbers_than_any_app_has_is_kept_whole(
    post: Post, container: Container, project: Project
) -> None:
    await container.channel_settings().change(project.project_id, "postcards", {"boxes": ["1"]})
    boxes = [str(1 + number) for number in range(2 * MOST_RECIPIENTS)]

    await post(*(a_postcard(box, f"m{box}", recipient=box) for box in boxes))

    assert await messages_of(container, project) == [["m1"]]
    assert [call.origin for call in await held_by(container, project)] == boxes[1:]


async def test_no_more_numbers_are_asked_for_than_an_app_has(
    post: Post, container: Container, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    await container.channel_settings().change(project.project_id, "postcards", {"boxes": ["1"]})
    projects_with, asked = container.channel_register().projects_with, []

    async def asked_projects_with(*of: str) -> object:
        asked.append(of)
        return await projects_with(*of)

    monkeypatch.setattr(container.channel_register(), "projects_with", asked_projects_with)
    boxes = [str(2 + number) for number in range(2 * MOST_RECIPIENTS)]

    await post(*(a_postcard(box, f"m{box}", recipient=box) for box in boxes))

    assert len(asked) == MOST_RECIPIENTS


async def test_many_large_deliveries_of_one_project_at_once_wait_for_room_and_are_all_kept(
    post: Post, container: Container, project: Project
) -> None:
    await lists(container, project, [])
    items = [a_postcard("1", f"m{n}") for n in range(2 * WRITTEN_TOGETHER)]

    receipts = await asyncio.gather(*(post(*items, delivery=STAMPED) for _ in range(8)))

    assert sum(receipt.new_leads for receipt in receipts) == 1
    assert [len(ids) for ids in await messages_of(container, project)] == [len(items)]


async def test_deliveries_of_one_project_leave_room_for_those_of_others(
    post: Post, ledger: WatchedLedger, container: Container, other: Project
) -> None:
    key = await container.create_key()(other.project_id, channel="postcards")
    ledger.gate.clear()
    ours = [asyncio.create_task(post(a_postcard("1"))) for _ in range(WRITTEN_AT_A_TIME + 1)]
    await ledger.reached.wait()

    theirs = asyncio.create_task(post(a_postcard("1"), key=key.secret))

    async with asyncio.timeout(20):
        while not container.writer()._queues.of(other.project_id):  # noqa: ASYNC110  no event
            await asyncio.sleep(0)
    ledger.gate.set()
    await asyncio.gather(*ours, theirs)


async def test_a_delivery_of_more_items_than_are_written_together_is_kept_whole(
    post: Post, container: Container, ledger: WatchedLedger, project: Project
) -> None:
    await lists(container, project, [])
    total = 2 * WRITTEN_TOGETHER + 1
    items = [a_postcard(str(number), f"m{number}") for number in range(total)]
    receipt = await post(*items, delivery=STAMPED)

    assert receipt == WebhookReceipt(received=total, new_leads=total, duplicates=0, ignored=0)
    assert await messages_of(container, project) == [[f"m{number}"] for number in range(total)]
    assert max(len(batch) for batch in ledger.given) <= WRITTEN_TOGETHER


async def test_a_delivery_is_given_up_at_once_when_the_store_is_away(
    post: Post, ledger: WatchedLedger, clock: StillClock
) -> None:
    ledger.is_down = True
    ledger.take(1.0, clock)
    items = [a_postcard(str(number)) for number in range(3 * WRITTEN_TOGETHER)]

    with pytest.raises(StorageUnavailable):
        await post(*items)

    assert len({capture_id for batch in ledger.given for capture_id in batch}) <= WRITTEN_TOGETHER


async def test_a_delivery_is_given_up_at_once_when_the_queue_is_full(
    post: Post, container: Container, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    await lists(container, project, [])
    refused = []

    async def refuse(capture: object) -> None:
        refused.append(capture)
        raise Overloaded(retry_after_seconds=1)

    monkeypatch.setattr(container.writer(), "write", refuse)

    items = [a_postcard(str(number)) for number in range(3 * WRITTEN_TOGETHER)]
    with pytest.raises(Overloaded):
        await post(*items, delivery=STAMPED)

    assert len(refused) == WRITTEN_TOGETHER
