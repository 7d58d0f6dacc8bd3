"""Whose deliveries are taken, and what becomes of their items; see also the neighbours beside."""

from typing import Any

import pytest

from application.receive.keep_items import WebhookReceipt
from domain.api_key import new_key
from domain.delivery import Delivery
from domain.identity import Identity
from domain.plan import Month
from domain.project import Project
from domain.refusals import InvalidApiKey, SignatureMismatch, UnknownChannel
from entrypoints.container import Container
from tests.application.fakes import PostcardChannel, WatchedLedger, a_postcard
from tests.application.in_force import lists
from tests.application.kept import leads_of
from tests.application.posting import Post
from tests.support.builders import NOW, a_message, a_phone
from tests.support.clocks import StillClock


async def test_a_message_makes_a_lead(
    post: Post, container: Container, clock: StillClock, project: Project
) -> None:
    message = a_message("m1")
    fields: dict[str, Any] = {
        "name": " Ada ",
        "email": "ada@example.com",
        "phone": "+4915",
        "source_url": "https://fb.me/1",
        "attributes": {"ctwa_clid": "x"},
    }
    receipt = await post(
        a_postcard("4915", message=message, **fields), request_id="req_1", ignored=2
    )

    (lead,) = await leads_of(container, project)
    assert receipt == WebhookReceipt(received=1, new_leads=1, duplicates=0, ignored=2)
    assert lead.details.present() == {**fields, "name": "Ada"}
    assert (lead.channel, lead.request_id, lead.captured_at) == ("postcards", "req_1", clock.now())
    assert lead.messages == (message,)


async def test_a_delivery_that_comes_again_makes_nothing_twice(
    post: Post, container: Container, project: Project
) -> None:
    items = [a_postcard("1", "m1"), a_postcard("2", "m2")]
    first = await post(*items)
    second = await post(*items)

    assert first == WebhookReceipt(received=2, new_leads=2, duplicates=0, ignored=0)
    assert second == WebhookReceipt(received=2, new_leads=0, duplicates=2, ignored=0)
    assert [len(lead.messages) for lead in await leads_of(container, project)] == [1, 1]


async def test_a_persons_messages_belong_to_one_lead(
    post: Post, container: Container, project: Project
) -> None:
    both = (Identity("user_id", "US.1"), a_phone("1"))
    await post(a_postcard("1", "m1"), a_postcard("1", "m2", identities=both))
    receipt = await post(a_postcard("", "m3", identities=both[:1]))

    (lead,) = await leads_of(container, project)
    assert receipt == WebhookReceipt(received=1, new_leads=0, duplicates=0, ignored=0)
    assert [message.message_id for message in lead.messages] == ["m1", "m2", "m3"]


async def test_an_empty_delivery_is_taken(post: Post, ledger: WatchedLedger) -> None:
    receipt = await post(ignored=3)

    assert receipt == WebhookReceipt(received=0, new_leads=0, duplicates=0, ignored=3)
    assert ledger.batches == []


async def test_what_matters_only_of_known_persons_makes_no_lead(
    post: Post, container: Container, project: Project
) -> None:
    receipt = await post(a_postcard("1", opens_lead=False), ignored=1)

    assert receipt == WebhookReceipt(received=1, new_leads=0, duplicates=0, ignored=2)
    assert await leads_of(container, project) == []


async def test_test_data_makes_a_lead_that_takes_no_place(
    post: Post, container: Container, project: Project
) -> None:
    await post(a_postcard("1", counts=False), a_postcard("2"))

    assert len(await leads_of(container, project)) == 2
    assert await container.archive().places_taken(project.project_id, Month.of(NOW)) == 1


@pytest.mark.parametrize("key", [None, "garbage", new_key()], ids=lambda _: "key")
async def test_nothing_is_read_without_a_good_key(
    post: Post, channel: PostcardChannel, key: str | None
) -> None:
    with pytest.raises(InvalidApiKey):
        await post(a_postcard("1"), key=key)
    assert channel.read_deliveries == []


async def test_a_key_of_another_channel_does_not_open_the_door(
    post: Post, container: Container, project: Project
) -> None:
    elsewhere = await container.create_key()(project.project_id, channel="whatsapp")

    with pytest.raises(InvalidApiKey):
        await post(a_postcard("1"), key=elsewhere.secret)


async def test_an_ordinary_key_of_the_project_opens_the_webhook_too(
    post: Post, container: Container, project: Project
) -> None:
    ordinary = await container.create_key()(project.project_id)

    assert (await post(a_postcard("1"), key=ordinary.secret)).new_leads == 1


async def test_a_channel_that_is_not_switched_on_is_unknown_before_any_key_is_looked_at(
    post: Post,
) -> None:
    with pytest.raises(UnknownChannel):
        await post(a_postcard("1"), to="telegram", key=None)


async def test_nothing_is_read_before_the_delivery_is_authentic(
    post: Post, container: Container, channel: PostcardChannel, ledger: WatchedLedger
) -> None:
    await lists(container, post.project, [], ["abcdefgh"])

    with pytest.raises(SignatureMismatch):
        await post(a_postcard("1"))
    assert channel.read_deliveries == []
    assert ledger.batches == []


async def test_a_secret_is_readable_for_the_channel_and_two_may_be_valid(
    post: Post, container: Container, channel: PostcardChannel
) -> None:
    stamps = ["abcdefgh", "ijklmnop"]
    await lists(container, post.project, [], stamps)
    deliveries = [Delivery(b"raw \xff bytes", {"x-stamp": [stamp]}) for stamp in stamps]

    for delivery in deliveries:
        await post(a_postcard("1"), delivery=delivery)
    assert channel.read_deliveries == deliveries


async def test_a_channel_reads_a_delivery_without_the_keys_that_somebody_wrote_into_it(
    post: Post, channel: PostcardChannel
) -> None:
    await post(delivery=Delivery(f'{{"text": "my key is {new_key()}!"}}'.encode(), {}, {}))

    assert channel.read_deliveries[-1].body == b'{"text": "my key is [a key was here]!"}'
