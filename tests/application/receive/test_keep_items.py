"""One item that cannot be kept as a lead is held, and does not spoil its neighbours."""

import pytest

from application.receive.keep_items import WebhookReceipt
from domain.delivery import Unreadable
from domain.errors import StorageUnavailable
from domain.held import UNREADABLE
from domain.project import Project
from entrypoints.container import Container
from tests.application.fakes import POISON, a_postcard
from tests.application.kept import held_by, leads_of
from tests.application.posting import Post
from tests.support.builders import a_message
from tests.support.clocks import StillClock

ODD = Unreadable(raw='{"odd": 1}', recipient="7")


async def test_an_item_that_cannot_be_read_is_held_with_its_text_and_its_neighbours_are_kept(
    post: Post, container: Container, clock: StillClock, project: Project
) -> None:
    receipt = await post(a_postcard("1"), ODD, a_postcard("2"), request_id="req_7")

    (call,) = await held_by(container, project)
    assert receipt == WebhookReceipt(received=3, new_leads=2, duplicates=0, ignored=0, held=1)
    assert (call.code, call.body, call.origin, call.capture) == (UNREADABLE, ODD.raw, "7", None)
    assert (call.request_id, call.at, call.channel) == ("req_7", clock.now(), "postcards")
    assert len(await leads_of(container, project)) == 2


async def test_the_same_unreadable_item_is_held_once_however_often_it_comes(
    post: Post, container: Container, project: Project
) -> None:
    for _ in range(3):
        await post(ODD, ODD, Unreadable(raw="another"))

    assert [call.body for call in await held_by(container, project)] == [ODD.raw, "another"]


async def test_what_the_store_cannot_hold_is_held_without_it_and_its_neighbours_are_kept(
    post: Post, container: Container, project: Project
) -> None:
    odd = a_postcard("2", message=a_message(raw='"\ud800"'))

    receipt = await post(a_postcard("1"), odd, a_postcard("3"))

    (call,) = await held_by(container, project)
    assert receipt.held == 1
    assert (call.code, call.body, call.capture) == (UNREADABLE, '"?"', None)
    assert len(await leads_of(container, project)) == 2


async def test_an_item_that_meets_a_defect_is_held_and_does_not_spoil_its_neighbours(
    post: Post, container: Container, project: Project
) -> None:
    receipt = await post(a_postcard("1"), a_postcard("2", name=POISON), a_postcard("3"))

    assert receipt == WebhookReceipt(received=3, new_leads=2, duplicates=0, ignored=0, held=1)
    assert [call.code for call in await held_by(container, project)] == [UNREADABLE]
    assert len(await leads_of(container, project)) == 2


async def test_an_item_that_breaks_the_ports_contract_is_held_and_spoils_no_neighbour(
    post: Post, container: Container, project: Project
) -> None:
    odd = a_postcard("2", message=a_message(raw='{"name":["Ada"]}'), name=["Ada"])

    receipt = await post(a_postcard("1"), odd, None, a_postcard("3"))

    calls = await held_by(container, project)
    assert receipt == WebhookReceipt(received=4, new_leads=2, duplicates=0, ignored=0, held=2)
    assert [(call.code, call.body) for call in calls] == [
        (UNREADABLE, '{"name":["Ada"]}'),
        (UNREADABLE, "null"),
    ]
    assert len(await leads_of(container, project)) == 2


async def test_a_delivery_whose_items_cannot_be_held_now_is_not_acknowledged(
    post: Post, container: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise StorageUnavailable

    monkeypatch.setattr(container.held_ledger(), "hold", fail)

    with pytest.raises(StorageUnavailable):
        await post(a_postcard("1"), ODD)
