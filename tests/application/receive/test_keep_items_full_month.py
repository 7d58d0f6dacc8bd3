"""What would take a place of a full month is held as what it would become; the rest is kept."""

import pytest

from application.receive.keep_items import WebhookReceipt
from domain.held import PLAN_LIMIT_REACHED
from domain.project import Project
from entrypoints.container import Container
from tests.application.fakes import a_postcard
from tests.application.in_force import change
from tests.application.kept import held_by, leads_of, messages_of
from tests.application.posting import Post


@pytest.fixture
async def small(container: Container, project: Project) -> Project:
    """The project of the deliveries, with places for two leads a month."""
    await change(container, project, monthly_limit=2)
    return project


async def test_what_has_no_place_in_a_full_month_is_held_as_what_it_would_become(
    post: Post, container: Container, small: Project
) -> None:
    items = [a_postcard(str(number), f"m{number}", name=f"P{number}") for number in range(4)]

    receipt = await post(*items)

    calls = await held_by(container, small)
    assert receipt == WebhookReceipt(received=4, new_leads=2, duplicates=0, ignored=0, held=2)
    assert [call.code for call in calls] == [PLAN_LIMIT_REACHED] * 2
    for call, item in zip(calls, items[2:], strict=True):
        assert call.capture is not None
        assert call.capture.identities == item.identities
        assert call.capture.message == item.message
        assert call.capture.details == item.details
    assert len(await leads_of(container, small)) == 2


async def test_what_has_no_place_is_held_with_the_number_that_it_was_sent_to(
    post: Post, container: Container, small: Project
) -> None:
    await post(*(a_postcard(str(number), recipient=f"4{number}") for number in range(3)))

    assert [call.origin for call in await held_by(container, small)] == ["42"]


async def test_a_held_message_that_comes_again_is_held_once(
    post: Post, container: Container, small: Project
) -> None:
    items = [a_postcard(str(number), f"m{number}") for number in range(4)]
    for _ in range(3):
        await post(*items)

    assert len(await held_by(container, small)) == 2


async def test_a_known_persons_messages_are_kept_in_a_full_month(
    post: Post, container: Container, small: Project
) -> None:
    await post(a_postcard("1", "m1"), a_postcard("2", "m2"))
    known = await post(a_postcard("1", "m3"), a_postcard("2", "m2"))
    mixed = await post(a_postcard("3", "m4"), a_postcard("2", "m5"))

    assert known == WebhookReceipt(received=2, new_leads=0, duplicates=1, ignored=0)
    assert mixed == WebhookReceipt(received=2, new_leads=0, duplicates=0, ignored=0, held=1)
    assert await messages_of(container, small) == [["m1", "m3"], ["m2", "m5"]]
