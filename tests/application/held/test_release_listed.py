"""What a number received that nobody listed becomes leads once it is listed."""

from collections.abc import Sequence

import pytest

from application.held.release_listed import ASKED_IN_A_ROUND, ReleaseListed
from application.ports.held_archive import HeldArchive
from application.ports.held_ledger import HeldLedger
from application.ports.lead_archive import LeadArchive
from domain.delivery import Delivery
from domain.errors import StorageUnavailable
from domain.held import NUMBER_NOT_LISTED, PLAN_LIMIT_REACHED
from domain.identity import Identity
from domain.project import Project
from tests.application.boxes import OURS, STAMPED, THEIRS, Boxes
from tests.application.fakes import a_postcard
from tests.application.kept import held_by, messages_of
from tests.application.posting import Post


@pytest.fixture
async def unlisted(post: Post, lists: Boxes, project: Project) -> Project:
    """The project of the webhook, which holds two messages to box 4 and one to box 5."""
    await lists(project, ["1"])
    for box, message_id in (("4", "m1"), ("5", "m2"), ("4", "m3")):
        await post(a_postcard("1", message_id, recipient=box), delivery=STAMPED)
    return project


async def test_while_nobody_lists_the_number_it_waits(
    release_listed: ReleaseListed, held_archive: HeldArchive, unlisted: Project
) -> None:
    await release_listed(unlisted.project_id)

    assert len(await held_by(held_archive, unlisted)) == 3


async def test_listed_by_its_own_project_it_becomes_a_lead_there(
    release_listed: ReleaseListed,
    lists: Boxes,
    archive: LeadArchive,
    held_archive: HeldArchive,
    unlisted: Project,
) -> None:
    await lists(unlisted, ["1", "4"])

    await release_listed(unlisted.project_id)

    assert await messages_of(archive, unlisted) == [["m1", "m3"]]
    assert [call.origin for call in await held_by(held_archive, unlisted)] == ["5"]


async def test_listed_by_another_project_behind_the_same_app_it_becomes_a_lead_there(
    release_listed: ReleaseListed,
    lists: Boxes,
    archive: LeadArchive,
    held_archive: HeldArchive,
    unlisted: Project,
    other: Project,
) -> None:
    await lists(other, ["4"])

    await release_listed(unlisted.project_id)

    assert await messages_of(archive, other) == [["m1", "m3"]]
    assert await messages_of(archive, unlisted) == []
    assert [call.origin for call in await held_by(held_archive, unlisted)] == ["5"]


@pytest.mark.parametrize("stamps", [(), (THEIRS,)], ids=["no secret", "another secret"])
async def test_a_stranger_who_lists_the_number_gets_nothing(
    release_listed: ReleaseListed,
    lists: Boxes,
    archive: LeadArchive,
    unlisted: Project,
    other: Project,
    stamps: Sequence[str],
) -> None:
    await lists(other, ["4"], stamps)

    await release_listed(unlisted.project_id)

    assert await messages_of(archive, other) == []


async def test_a_project_without_a_secret_gives_nothing_to_others_without_one(
    post: Post,
    release_listed: ReleaseListed,
    lists: Boxes,
    archive: LeadArchive,
    project: Project,
    other: Project,
) -> None:
    await lists(project, ["1"], ())
    await post(a_postcard("1", "m1", recipient="4"), delivery=Delivery(b"", {}))
    await lists(other, ["4"], ())

    await release_listed(project.project_id)

    assert await messages_of(archive, other) == []


async def test_a_project_that_lists_nothing_any_more_takes_all_that_it_holds(
    release_listed: ReleaseListed, lists: Boxes, archive: LeadArchive, unlisted: Project
) -> None:
    await lists(unlisted, [], (OURS,))

    await release_listed(unlisted.project_id)

    assert await messages_of(archive, unlisted) == [["m1", "m2", "m3"]]


async def test_where_the_month_is_full_it_waits_for_the_plan_of_its_own_project(
    release_listed: ReleaseListed,
    lists: Boxes,
    held_archive: HeldArchive,
    unlisted: Project,
    small: Project,
    post: Post,
) -> None:
    await lists(small, ["4", "6"])
    await post(a_postcard("9", "m9", recipient="6"), delivery=STAMPED)

    await release_listed(unlisted.project_id)

    theirs = await held_by(held_archive, small)
    assert [call.code for call in theirs] == [PLAN_LIMIT_REACHED] * 2
    assert [call.origin for call in await held_by(held_archive, unlisted)] == ["5"]


async def test_what_cannot_be_held_for_the_plan_of_its_own_project_is_held_where_it_was(
    release_listed: ReleaseListed,
    lists: Boxes,
    held: HeldLedger,
    held_archive: HeldArchive,
    unlisted: Project,
    small: Project,
    post: Post,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await lists(small, ["4", "6"])
    await post(a_postcard("9", "m9", recipient="6"), delivery=STAMPED)

    async def fail(_: object) -> None:
        raise StorageUnavailable

    monkeypatch.setattr(held, "hold", fail)

    with pytest.raises(StorageUnavailable):
        await release_listed(unlisted.project_id)

    assert [call.origin for call in await held_by(held_archive, unlisted)] == ["4", "5", "4"]


async def test_where_its_own_month_is_full_it_waits_for_the_plan(
    release_listed: ReleaseListed,
    lists: Boxes,
    held_archive: HeldArchive,
    small: Project,
    post: Post,
    create_key,
) -> None:
    await lists(small, ["1"])
    key = (await create_key(small.project_id, channel="postcards")).secret
    for sender, box in (("1", "1"), ("2", "4"), ("3", "5")):
        await post(a_postcard(sender, recipient=box), key=key, delivery=STAMPED)
    await lists(small, ["1", "4"])

    await release_listed(small.project_id)

    codes = [call.code for call in await held_by(held_archive, small)]
    assert codes == [PLAN_LIMIT_REACHED, NUMBER_NOT_LISTED]


async def test_what_tells_only_that_two_names_are_one_persons_is_told_and_held_no_longer(
    release_listed: ReleaseListed,
    lists: Boxes,
    archive: LeadArchive,
    held_archive: HeldArchive,
    post: Post,
    project: Project,
) -> None:
    await lists(project, ["1"])
    old, new = Identity("phone", "1"), Identity("phone", "2")
    link = a_postcard("1", message=None, identities=(old, new), opens_lead=False, recipient="4")
    await post(link, delivery=STAMPED)
    await lists(project, ["4"])

    await release_listed(project.project_id)
    await post(a_postcard("1", "m1", recipient="4"), delivery=STAMPED)
    await post(a_postcard("2", "m2", recipient="4"), delivery=STAMPED)

    assert await held_by(held_archive, project) == []
    assert await messages_of(archive, project) == [["m1", "m2"]]


async def test_however_many_numbers_are_not_listed_each_gets_its_turn(
    post: Post,
    release_listed: ReleaseListed,
    lists: Boxes,
    archive: LeadArchive,
    project: Project,
) -> None:
    await lists(project, ["1"])
    count = 2 * ASKED_IN_A_ROUND + 5
    boxes = [f"9{number:04}" for number in range(count)]
    await post(*(a_postcard(box, box, recipient=box) for box in boxes), delivery=STAMPED)
    await lists(project, ["1", boxes[0], boxes[ASKED_IN_A_ROUND + 1], boxes[-1]])

    for _ in range(4):
        await release_listed(project.project_id)

    assert sorted(await messages_of(archive, project)) == [
        [boxes[0]],
        [boxes[ASKED_IN_A_ROUND + 1]],
        [boxes[-1]],
    ]


async def test_no_more_numbers_are_asked_for_in_a_round_than_it_has_time_for(
    post: Post,
    release_listed: ReleaseListed,
    lists: Boxes,
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await lists(project, ["1"])
    boxes = [f"9{number:04}" for number in range(ASKED_IN_A_ROUND + 5)]
    await post(*(a_postcard(box, box, recipient=box) for box in boxes), delivery=STAMPED)
    asked = []

    async def nobody(_channel: str, _home: str, number: str) -> None:
        asked.append(number)

    monkeypatch.setattr(release_listed._route_item, "of_held", nobody)

    await release_listed(project.project_id)

    assert asked == boxes[:ASKED_IN_A_ROUND]


async def test_a_number_that_is_listed_after_its_turn_gets_another(
    post: Post,
    release_listed: ReleaseListed,
    lists: Boxes,
    archive: LeadArchive,
    project: Project,
) -> None:
    await lists(project, ["1"])
    boxes = [f"9{number:04}" for number in range(ASKED_IN_A_ROUND + 5)]
    await post(*(a_postcard(box, box, recipient=box) for box in boxes), delivery=STAMPED)
    for _ in range(2):
        await release_listed(project.project_id)
    await lists(project, ["1", boxes[0]])

    await release_listed(project.project_id)

    assert await messages_of(archive, project) == [[boxes[0]]]
