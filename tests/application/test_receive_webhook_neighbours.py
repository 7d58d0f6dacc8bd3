"""One item that cannot be kept does not keep its neighbours from being kept."""

from dataclasses import replace

import pytest

from adapters.sqlite import SqliteProjectRegister
from application.lead_writer import LeadWriter
from application.ports.errors import StorageUnavailable
from application.ports.lead_archive import LeadArchive
from application.ports.lead_channel import Unreadable
from application.receive_webhook import WRITTEN_TOGETHER, WebhookReceipt
from domain.project import Project
from domain.refusals import PlanLimitReached, UnreadableDelivery
from tests.application.fakes import POISON, WatchedLedger, a_postcard
from tests.application.webhooks import Post, leads_of
from tests.support.builders import a_message
from tests.support.clocks import StillClock

UNREADABLE = Unreadable(raw="{}")


@pytest.fixture
async def small(projects: SqliteProjectRegister, project: Project) -> Project:
    """The project of the deliveries, with places for two leads a month."""
    return await projects.change(project.project_id, lambda old: replace(old, monthly_limit=2))


async def test_an_item_that_cannot_be_read_is_refused_and_its_neighbours_are_kept(
    post: Post, archive: LeadArchive, project: Project
) -> None:
    with pytest.raises(UnreadableDelivery):
        await post(a_postcard("1"), UNREADABLE, a_postcard("2"))
    assert len(await leads_of(archive, project)) == 2


async def test_a_delivery_that_is_mended_and_comes_again_is_completed(
    post: Post, archive: LeadArchive, project: Project
) -> None:
    items = [a_postcard("1", "m1"), a_postcard("3", "m3")]
    with pytest.raises(UnreadableDelivery):
        await post(items[0], UNREADABLE, items[1])
    receipt = await post(items[0], a_postcard("2", "m2"), items[1])

    assert receipt == WebhookReceipt(received=3, new_leads=1, duplicates=2, ignored=0)
    assert len(await leads_of(archive, project)) == 3


async def test_what_the_store_cannot_hold_is_refused_and_its_neighbours_are_kept(
    post: Post, archive: LeadArchive, project: Project
) -> None:
    odd = a_postcard("2", message=a_message(raw='"\ud800"'))
    with pytest.raises(UnreadableDelivery):
        await post(a_postcard("1"), odd, a_postcard("3"))
    assert len(await leads_of(archive, project)) == 2


async def test_a_full_month_keeps_what_has_a_place_and_says_when_the_rest_may_come_again(
    post: Post, archive: LeadArchive, small: Project
) -> None:
    items = [a_postcard(str(number), f"m{number}") for number in range(4)]
    with pytest.raises(PlanLimitReached) as refused:
        await post(*items)

    assert refused.value.retry_after_seconds == 7 * 86_400 + 12 * 3600
    assert len(await leads_of(archive, small)) == 2


async def test_a_known_persons_messages_are_kept_in_a_full_month(
    post: Post, archive: LeadArchive, small: Project
) -> None:
    await post(a_postcard("1", "m1"), a_postcard("2", "m2"))
    receipt = await post(a_postcard("1", "m3"), a_postcard("2", "m2"))
    with pytest.raises(PlanLimitReached):
        await post(a_postcard("3", "m4"), a_postcard("2", "m5"))

    kept = [[m.message_id for m in lead.messages] for lead in await leads_of(archive, small)]
    assert receipt == WebhookReceipt(received=2, new_leads=0, duplicates=1, ignored=0)
    assert kept == [["m1", "m3"], ["m2", "m5"]]


async def test_test_data_is_kept_in_a_full_month(
    post: Post, archive: LeadArchive, small: Project
) -> None:
    await post(a_postcard("1"), a_postcard("2"))
    await post(a_postcard("3", counts=False))

    assert len(await leads_of(archive, small)) == 3


async def test_an_item_that_breaks_the_store_does_not_spoil_its_neighbours(
    post: Post, archive: LeadArchive, writer: LeadWriter, project: Project
) -> None:
    with pytest.raises(ValueError, match=POISON):
        await post(a_postcard("1"), a_postcard("2", name=POISON), a_postcard("3"))
    await writer.stop()

    assert len(await leads_of(archive, project)) == 2


async def test_a_delivery_of_more_items_than_are_written_together_is_kept_whole(
    post: Post, archive: LeadArchive, ledger: WatchedLedger, project: Project
) -> None:
    total = 2 * WRITTEN_TOGETHER + 1
    receipt = await post(*(a_postcard(str(number), f"m{number}") for number in range(total)))

    phones = [lead.messages[0].message_id for lead in await leads_of(archive, project)]
    assert receipt == WebhookReceipt(received=total, new_leads=total, duplicates=0, ignored=0)
    assert phones == [f"m{number}" for number in range(total)]
    assert max(len(batch) for batch in ledger.given) <= WRITTEN_TOGETHER


async def test_neighbours_are_kept_also_where_they_are_not_written_together(
    post: Post, archive: LeadArchive, writer: LeadWriter, project: Project
) -> None:
    good = [a_postcard(str(number)) for number in range(WRITTEN_TOGETHER)]
    with pytest.raises(ValueError, match=POISON):
        await post(a_postcard("poison", name=POISON), *good)
    await writer.stop()

    assert len(await leads_of(archive, project)) == len(good)


async def test_a_delivery_is_given_up_at_once_when_the_store_is_away(
    post: Post, ledger: WatchedLedger, clock: StillClock
) -> None:
    ledger.is_down = True
    ledger.take(1.0, clock)
    items = [a_postcard(str(number)) for number in range(3 * WRITTEN_TOGETHER)]

    with pytest.raises(StorageUnavailable):
        await post(*items)

    assert len({capture_id for batch in ledger.given for capture_id in batch}) <= WRITTEN_TOGETHER
