"""One item that cannot be kept as a lead is held, and does not spoil its neighbours."""

import asyncio
import json
from dataclasses import replace

import pytest

from adapters.sqlite import SqliteProjectRegister
from application.keep_items import (
    MOST_ADDRESSEES,
    MOST_UNREADABLE,
    WRITTEN_TOGETHER,
    WebhookReceipt,
)
from application.ports.errors import StorageUnavailable
from application.ports.held_archive import HeldArchive
from application.ports.held_ledger import HeldLedger
from application.ports.lead_archive import LeadArchive
from application.ports.lead_channel import Unreadable
from domain.held import PLAN_LIMIT_REACHED, UNREADABLE
from domain.project import Project
from tests.application.fakes import POISON, WatchedLedger, a_postcard
from tests.application.webhooks import Post, held_by, leads_of, messages_of
from tests.support.builders import a_message
from tests.support.clocks import StillClock

ODD = Unreadable(raw='{"odd": 1}', addressee="7")


@pytest.fixture
async def small(projects: SqliteProjectRegister, project: Project) -> Project:
    """The project of the deliveries, with places for two leads a month."""
    return await projects.change(project.project_id, lambda old: replace(old, monthly_limit=2))


async def test_an_item_that_cannot_be_read_is_held_with_its_text_and_its_neighbours_are_kept(
    post: Post, archive: LeadArchive, held_archive: HeldArchive, clock: StillClock, project: Project
) -> None:
    receipt = await post(a_postcard("1"), ODD, a_postcard("2"), request_id="req_7")

    (call,) = await held_by(held_archive, project)
    assert receipt == WebhookReceipt(received=3, new_leads=2, duplicates=0, ignored=0, held=1)
    assert (call.code, call.body, call.origin, call.capture) == (UNREADABLE, ODD.raw, "7", None)
    assert (call.request_id, call.at, call.channel) == ("req_7", clock.now(), "postcards")
    assert len(await leads_of(archive, project)) == 2


async def test_the_same_unreadable_item_is_held_once_however_often_it_comes(
    post: Post, held_archive: HeldArchive, project: Project
) -> None:
    for _ in range(3):
        await post(ODD, ODD, Unreadable(raw="another"))

    assert [call.body for call in await held_by(held_archive, project)] == [ODD.raw, "another"]


async def test_a_delivery_full_of_what_cannot_be_read_is_held_as_one_beside_its_messages(
    post: Post, held_archive: HeldArchive, archive: LeadArchive, project: Project
) -> None:
    odd = [Unreadable(raw=str(number)) for number in range(MOST_UNREADABLE + 1)]

    receipt = await post(*odd[:5], a_postcard("1", "m1"), *odd[5:])

    (call,) = await held_by(held_archive, project)
    assert receipt == WebhookReceipt(received=2, new_leads=1, duplicates=0, ignored=0, held=1)
    assert json.loads(call.body) == list(range(MOST_UNREADABLE + 1))
    assert await messages_of(archive, project) == [["m1"]]


@pytest.mark.parametrize("addressees", [3, MOST_ADDRESSEES + 1])
async def test_a_delivery_full_of_what_cannot_be_read_loses_none_of_it_and_names_its_addressees(
    post: Post, held_archive: HeldArchive, project: Project, addressees: int
) -> None:
    count = MOST_UNREADABLE + 1
    odd = [Unreadable(raw=str(n), addressee=str(n % addressees)) for n in range(count)]

    await post(*odd)

    calls = await held_by(held_archive, project)
    assert sorted(n for call in calls for n in json.loads(call.body)) == list(range(count))
    assert [call.origin for call in calls] == (["0", "1", "2"] if addressees == 3 else [None])


async def test_a_delivery_to_more_numbers_than_any_app_has_is_kept_whole(
    post: Post, held_archive: HeldArchive, archive: LeadArchive, project: Project
) -> None:
    await post.settings.change(project.project_id, "postcards", {"boxes": ["1"]})
    boxes = [str(1 + number) for number in range(2 * MOST_ADDRESSEES)]

    await post(*(a_postcard(box, f"m{box}", addressee=box) for box in boxes))

    assert await messages_of(archive, project) == [["m1"]]
    assert [call.origin for call in await held_by(held_archive, project)] == boxes[1:]


async def test_many_large_deliveries_of_one_project_at_once_wait_for_room_and_are_all_kept(
    post: Post, archive: LeadArchive, project: Project
) -> None:
    items = [a_postcard("1", f"m{n}") for n in range(2 * WRITTEN_TOGETHER)]

    receipts = await asyncio.gather(*(post(*items) for _ in range(8)))

    assert sum(receipt.new_leads for receipt in receipts) == 1
    assert [len(ids) for ids in await messages_of(archive, project)] == [len(items)]


async def test_what_the_store_cannot_hold_is_held_without_it_and_its_neighbours_are_kept(
    post: Post, archive: LeadArchive, held_archive: HeldArchive, project: Project
) -> None:
    odd = a_postcard("2", message=a_message(raw='"\ud800"'))

    receipt = await post(a_postcard("1"), odd, a_postcard("3"))

    (call,) = await held_by(held_archive, project)
    assert receipt.held == 1
    assert (call.code, call.body, call.capture) == (UNREADABLE, '"?"', None)
    assert len(await leads_of(archive, project)) == 2


async def test_what_has_no_place_in_a_full_month_is_held_as_what_it_would_become(
    post: Post, archive: LeadArchive, held_archive: HeldArchive, small: Project
) -> None:
    items = [a_postcard(str(number), f"m{number}", name=f"P{number}") for number in range(4)]

    receipt = await post(*items)

    calls = await held_by(held_archive, small)
    assert receipt == WebhookReceipt(received=4, new_leads=2, duplicates=0, ignored=0, held=2)
    assert [call.code for call in calls] == [PLAN_LIMIT_REACHED] * 2
    for call, item in zip(calls, items[2:], strict=True):
        assert call.capture is not None
        assert call.capture.identities == item.identities
        assert call.capture.message == item.message
        assert call.capture.details == item.details
    assert len(await leads_of(archive, small)) == 2


async def test_what_no_store_can_hold_spoils_no_neighbour_in_a_full_month_either(
    post: Post, held_archive: HeldArchive, projects: SqliteProjectRegister, project: Project
) -> None:
    await projects.change(project.project_id, lambda old: replace(old, monthly_limit=0))
    odd = a_postcard("1", attributes={"number": 2**70})

    receipt = await post(odd, a_postcard("2"))

    assert receipt.held == 2
    assert {call.code for call in await held_by(held_archive, project)} == {
        UNREADABLE,
        PLAN_LIMIT_REACHED,
    }


async def test_a_held_message_that_comes_again_is_held_once(
    post: Post, held_archive: HeldArchive, small: Project
) -> None:
    items = [a_postcard(str(number), f"m{number}") for number in range(4)]
    for _ in range(3):
        await post(*items)

    assert len(await held_by(held_archive, small)) == 2


async def test_a_known_persons_messages_are_kept_in_a_full_month(
    post: Post, archive: LeadArchive, held_archive: HeldArchive, small: Project
) -> None:
    await post(a_postcard("1", "m1"), a_postcard("2", "m2"))
    known = await post(a_postcard("1", "m3"), a_postcard("2", "m2"))
    mixed = await post(a_postcard("3", "m4"), a_postcard("2", "m5"))

    assert known == WebhookReceipt(received=2, new_leads=0, duplicates=1, ignored=0)
    assert mixed == WebhookReceipt(received=2, new_leads=0, duplicates=0, ignored=0, held=1)
    assert await messages_of(archive, small) == [["m1", "m3"], ["m2", "m5"]]


async def test_test_data_is_kept_in_a_full_month(
    post: Post, archive: LeadArchive, small: Project
) -> None:
    await post(a_postcard("1"), a_postcard("2"))
    await post(a_postcard("3", counts=False))

    assert len(await leads_of(archive, small)) == 3


async def test_an_item_that_meets_a_defect_is_held_and_does_not_spoil_its_neighbours(
    post: Post, archive: LeadArchive, held_archive: HeldArchive, project: Project
) -> None:
    receipt = await post(a_postcard("1"), a_postcard("2", name=POISON), a_postcard("3"))

    assert receipt == WebhookReceipt(received=3, new_leads=2, duplicates=0, ignored=0, held=1)
    assert [call.code for call in await held_by(held_archive, project)] == [UNREADABLE]
    assert len(await leads_of(archive, project)) == 2


async def test_an_item_that_breaks_the_ports_contract_is_held_and_spoils_no_neighbour(
    post: Post, archive: LeadArchive, held_archive: HeldArchive, project: Project
) -> None:
    odd = a_postcard("2", message=a_message(raw='{"name":["Ada"]}'), name=["Ada"])

    receipt = await post(a_postcard("1"), odd, None, a_postcard("3"))

    calls = await held_by(held_archive, project)
    assert receipt == WebhookReceipt(received=4, new_leads=2, duplicates=0, ignored=0, held=2)
    assert [(call.code, call.body) for call in calls] == [
        (UNREADABLE, '{"name":["Ada"]}'),
        (UNREADABLE, "null"),
    ]
    assert len(await leads_of(archive, project)) == 2


async def test_a_delivery_of_more_items_than_are_written_together_is_kept_whole(
    post: Post, archive: LeadArchive, ledger: WatchedLedger, project: Project
) -> None:
    total = 2 * WRITTEN_TOGETHER + 1
    receipt = await post(*(a_postcard(str(number), f"m{number}") for number in range(total)))

    assert receipt == WebhookReceipt(received=total, new_leads=total, duplicates=0, ignored=0)
    assert await messages_of(archive, project) == [[f"m{number}"] for number in range(total)]
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


async def test_a_delivery_whose_items_cannot_be_held_now_is_not_acknowledged(
    post: Post, held: HeldLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise StorageUnavailable

    monkeypatch.setattr(held, "hold", fail)

    with pytest.raises(StorageUnavailable):
        await post(a_postcard("1"), ODD)
