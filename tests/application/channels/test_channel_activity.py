from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest

from domain.channel import ChannelEvent
from domain.delivery import Delivery, Unreadable
from domain.project import Project
from domain.refusals import InvalidApiKey, InvalidJson, SignatureMismatch
from entrypoints.container import Container
from tests.application.fakes import PostcardChannel, a_postcard
from tests.application.in_force import lists
from tests.application.posting import Post
from tests.support.clocks import StillClock

STAMP = "abcdefgh"
SECOND = timedelta(seconds=1)


@pytest.fixture
async def stamped(post: Post, container: Container, project: Project) -> Post:
    """A webhook that takes deliveries with the right stamp alone."""
    await lists(container, project, [], [STAMP])
    return post


@pytest.fixture
def noon(clock: StillClock) -> datetime:
    return clock.now().replace(microsecond=0)


async def last(container: Container, project: Project) -> Mapping[ChannelEvent, datetime]:
    await container.channel_activity().flush()
    return await container.channel_log().last(project.project_id, "postcards")


async def test_the_second_of_the_last_delivery_is_written_down(
    post: Post, container: Container, clock: StillClock, project: Project, noon: datetime
) -> None:
    await post(a_postcard("1"))
    clock.advance(1)
    await post()

    found = await last(container, project)
    assert found == {ChannelEvent.DELIVERY: noon + SECOND, ChannelEvent.ITEM: noon}


async def test_a_delivery_of_which_all_was_ignored_brought_nothing(
    post: Post, container: Container, project: Project
) -> None:
    a_changed_address = a_postcard("1", opens_lead=False)
    receipt = await post(a_changed_address)

    assert receipt.ignored == 1
    assert list(await last(container, project)) == [ChannelEvent.DELIVERY]


async def test_test_data_brings_nothing(post: Post, container: Container, project: Project) -> None:
    receipt = await post(a_postcard("1", counts=False))

    assert receipt.new_leads == 1
    assert list(await last(container, project)) == [ChannelEvent.DELIVERY]


async def test_what_is_held_was_brought(post: Post, container: Container, project: Project) -> None:
    receipt = await post(Unreadable(raw="odd"))

    assert receipt.held == 1
    assert ChannelEvent.ITEM in await last(container, project)


async def test_a_bad_signature_is_no_delivery(
    stamped: Post, container: Container, project: Project, noon: datetime
) -> None:
    with pytest.raises(SignatureMismatch):
        await stamped(a_postcard("1"), delivery=Delivery(b"", {"x-stamp": ["wrong"]}))

    assert await last(container, project) == {ChannelEvent.BAD_SIGNATURE: noon}


async def test_a_good_delivery_leaves_the_last_bad_signature(
    stamped: Post, container: Container, clock: StillClock, project: Project, noon: datetime
) -> None:
    with pytest.raises(SignatureMismatch):
        await stamped()
    clock.advance(1)
    await stamped(delivery=Delivery(b"", {"x-stamp": [STAMP]}))

    assert await last(container, project) == {
        ChannelEvent.BAD_SIGNATURE: noon,
        ChannelEvent.DELIVERY: noon + SECOND,
    }


async def test_a_delivery_that_cannot_be_read_arrived_all_the_same(
    post: Post,
    channel: PostcardChannel,
    container: Container,
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def read(_delivery: Delivery) -> None:
        raise InvalidJson

    monkeypatch.setattr(channel, "read", read)
    with pytest.raises(InvalidJson):
        await post()

    assert list(await last(container, project)) == [ChannelEvent.DELIVERY]


async def test_a_call_without_a_good_key_is_nobodys(
    post: Post, container: Container, project: Project
) -> None:
    with pytest.raises(InvalidApiKey):
        await post(key="swk_wrong")

    assert await last(container, project) == {}


async def test_it_is_told_whose_webhook_it_was(
    post: Post, container: Container, project: Project, other: Project
) -> None:
    theirs = await container.create_key()(other.project_id, channel="postcards")
    await post(key=theirs.secret)

    assert await last(container, project) == {}
    assert list(await last(container, other)) == [ChannelEvent.DELIVERY]
