"""What changes a message of somebody who waits for a place waits, too, and is not lost."""

from typing import Any

import pytest

from application.held.release_for_plan import ReleaseForPlan
from application.ports.held_archive import HeldArchive
from application.ports.lead_archive import LeadArchive
from application.receive.keep_items import WebhookReceipt
from domain.held import PLAN_LIMIT_REACHED
from domain.identity import Identity
from domain.project import Project
from tests.application.boxes import STAMPED, Boxes
from tests.application.conftest import Change
from tests.application.fakes import a_postcard
from tests.application.kept import codes_of, held_by, messages_of
from tests.application.posting import Post, an_edit
from tests.support.builders import a_phone


@pytest.mark.parametrize("deliveries", [1, 2], ids=["in one delivery", "in two deliveries"])
async def test_an_edit_of_a_held_message_is_held_and_released_with_it(
    post: Post,
    change: Change,
    release_for_plan: ReleaseForPlan,
    archive: LeadArchive,
    held_archive: HeldArchive,
    project: Project,
    deliveries: int,
) -> None:
    await change(monthly_limit=0)
    items = [a_postcard("1", "m1"), an_edit("1", "e1")]
    receipts = [await post(*items)] if deliveries == 1 else [await post(one) for one in items]
    assert await codes_of(held_archive, project) == [PLAN_LIMIT_REACHED] * 2
    assert (sum(r.held for r in receipts), sum(r.ignored for r in receipts)) == (2, 0)

    await change(monthly_limit=1)
    await release_for_plan(project.project_id)

    assert await messages_of(archive, project) == [["m1", "e1"]]
    assert await held_by(held_archive, project) == []


async def test_any_name_of_the_person_will_do(
    post: Post, change: Change, held_archive: HeldArchive, project: Project
) -> None:
    await change(monthly_limit=0)
    other_name = Identity("user", "u1")
    await post(a_postcard("1", "m1", identities=(a_phone("1"), other_name)))

    receipt = await post(an_edit("1", "e1", identities=(other_name,)))

    assert receipt.held == 1


@pytest.mark.parametrize("limit", [0, None], ids=["full", "not full"])
async def test_an_edit_of_somebody_of_whom_nothing_waits_is_ignored(
    post: Post, change: Change, held_archive: HeldArchive, project: Project, limit: int | None
) -> None:
    await change(monthly_limit=0)
    await post(a_postcard("1", "m1"))
    await change(monthly_limit=limit)

    receipt = await post(an_edit("2", "e2"))

    assert receipt == WebhookReceipt(received=1, new_leads=0, duplicates=0, ignored=1, held=0)
    assert len(await held_by(held_archive, project)) == 1


async def test_what_is_held_of_another_project_holds_no_edit_of_this_one(
    post: Post, lists: Boxes, change: Change, small: Project, project: Project
) -> None:
    await lists(small, ["4"])
    await lists(project, ["1"])
    await post(*(a_postcard(str(n), recipient="4") for n in range(2)), delivery=STAMPED)

    receipt = await post(an_edit("1", "e1", recipient="1"), delivery=STAMPED)

    assert (receipt.ignored, receipt.held) == (1, 0)


async def test_only_an_edit_of_nobody_costs_a_look_and_a_delivery_of_them_costs_one(
    post: Post,
    change: Change,
    held_archive: HeldArchive,
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks: list[tuple[str, ...]] = []
    persons = held_archive.persons

    async def counted(*about: str) -> Any:
        looks.append(about)
        return await persons(*about)

    monkeypatch.setattr(held_archive, "persons", counted)
    await post(a_postcard("1", "m1"), an_edit("1", "e1"))
    await post(a_postcard("2", message=None, opens_lead=False))
    assert looks == []

    await post(*(an_edit(str(number), f"e{number}") for number in range(5, 9)))

    assert looks == [(project.project_id, "postcards", PLAN_LIMIT_REACHED)]
