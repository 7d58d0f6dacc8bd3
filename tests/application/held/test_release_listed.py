"""What a number received that nobody listed becomes leads once it is listed."""

from collections.abc import Sequence

import pytest

from application.held.release_listed import ASKED_IN_A_ROUND
from domain.delivery import Delivery
from domain.errors import StorageUnavailable
from domain.held import NUMBER_NOT_LISTED, PLAN_LIMIT_REACHED
from domain.identity import Identity
from domain.project import Project
from entrypoints.container import Container
from tests.application.fakes import a_postcard
from tests.application.in_force import OURS, STAMPED, THEIRS, lists
from tests.application.kept import held_by, messages_of
from tests.application.posting import Post


@pytest.fixture
async def unlisted(post: Post, container: Container, project: Project) -> Project:
    """The project of the webhook, which holds two messages to box 4 and one to box 5."""
    await lists(container, project, ["1"])
    for box, message_id in (("4", "m1"), ("5", "m2"), ("4", "m3")):
        await post(a_postcard("1", message_id, recipient=box), delivery=STAMPED)
    return project


async def test_while_nobody_lists_the_number_it_waits(
    container: Container, unlisted: Project
) -> None:
    await container.release_listed()(unlisted.project_id)

    assert len(await held_by(container, unlisted)) == 3


async def test_listed_by_its_own_project_it_becomes_a_lead_there(
    container: Container, unlisted: Project
) -> None:
    await lists(container, unlisted, ["1", "4"])

    await container.release_listed()(unlisted.project_id)

    assert await messages_of(container, unlisted) == [["m1", "m3"]]
    assert [call.origin for call in await held_by(container, unlisted)] == ["5"]


async def test_listed_by_another_project_behind_the_same_app_it_becomes_a_lead_there(
    container: Container, unlisted: Project, other: Project
) -> None:
    await lists(container, other, ["4"])

    await container.release_listed()(unlisted.project_id)

    assert await messages_of(container, other) == [["m1", "m3"]]
    assert await messages_of(container, unlisted) == []
    assert [call.origin for call in await held_by(container, unlisted)] == ["5"]


@pytest.mark.parametrize("stamps", [(), (THEIRS,)], ids=["no secret", "another secret"])
async def test_a_stranger_who_lists_the_number_gets_nothing(
    container: Container, unlisted: Project, other: Project, stamps: Sequence[str]
) -> None:
    await lists(container, other, ["4"], stamps)

    await container.release_listed()(unlisted.project_id)

    assert await messages_of(container, other) == []


async def test_a_project_without_a_secret_gives_nothing_to_others_without_one(
    post: Post, container: Container, project: Project, other: Project
) -> None:
    await lists(container, project, ["1"], ())
    await post(a_postcard("1", "m1", recipient="4"), delivery=Delivery(b"", {}))
    await lists(container, other, ["4"], ())

    await container.release_listed()(project.project_id)

    assert await messages_of(container, other) == []


async def test_a_project_that_lists_nothing_any_more_takes_all_that_it_holds(
    container: Container, unlisted: Project
) -> None:
    await lists(container, unlisted, [], (OURS,))

    await container.release_listed()(unlisted.project_id)

    assert await messages_of(container, unlisted) == [["m1", "m2", "m3"]]


async def test_where_the_month_is_full_it_waits_for_the_plan_of_its_own_project(
    container: Container, unlisted: Project, small: Project, post: Post
) -> None:
    await lists(container, small, ["4", "6"])
    await post(a_postcard("9", "m9", recipient="6"), delivery=STAMPED)

    await container.release_listed()(unlisted.project_id)

    theirs = await held_by(container, small)
    assert [call.code for call in theirs] == [PLAN_LIMIT_REACHED] * 2
    assert [call.origin for call in await held_by(container, unlisted)] == ["5"]


async def test_what_cannot_be_held_for_the_plan_of_its_own_project_is_held_where_it_was(
    container: Container,
    unlisted: Project,
    small: Project,
    post: Post,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await lists(container, small, ["4", "6"])
    await post(a_postcard("9", "m9", recipient="6"), delivery=STAMPED)

    async def fail(_: object) -> None:
        raise StorageUnavailable

    monkeypatch.setattr(container.held_ledger(), "hold", fail)

    with pytest.raises(StorageUnavailable):
        await container.release_listed()(unlisted.project_id)

    assert [call.origin for call in await held_by(container, unlisted)] == ["4", "5", "4"]


async def test_where_its_own_month_is_full_it_waits_for_the_plan(
    container: Container, small: Project, post: Post
) -> None:
    await lists(container, small, ["1"])
    key = (await container.create_key()(small.project_id, channel="postcards")).secret
    for sender, box in (("1", "1"), ("2", "4"), ("3", "5")):
        await post(a_postcard(sender, recipient=box), key=key, delivery=STAMPED)
    await lists(container, small, ["1", "4"])

    await container.release_listed()(small.project_id)

    codes = [call.code for call in await held_by(container, small)]
    assert codes == [PLAN_LIMIT_REACHED, NUMBER_NOT_LISTED]


async def test_what_tells_only_that_two_names_are_one_persons_is_told_and_held_no_longer(
    container: Container, post: Post, project: Project
) -> None:
    await lists(container, project, ["1"])
    old, new = Identity("phone", "1"), Identity("phone", "2")
    link = a_postcard("1", message=None, identities=(old, new), opens_lead=False, recipient="4")
    await post(link, delivery=STAMPED)
    await lists(container, project, ["4"])

    await container.release_listed()(project.project_id)
    await post(a_postcard("1", "m1", recipient="4"), delivery=STAMPED)
    await post(a_postcard("2", "m2", recipient="4"), delivery=STAMPED)

    assert await held_by(container, project) == []
    assert await messages_of(container, project) == [["m1", "m2"]]


async def test_however_many_numbers_are_not_listed_each_gets_its_turn(
    post: Post, container: Container, project: Project
) -> None:
    await lists(container, project, ["1"])
    count = 2 * ASKED_IN_A_ROUND + 5
    boxes = [f"9{number:04}" for number in range(count)]
    await post(*(a_postcard(box, box, recipient=box) for box in boxes), delivery=STAMPED)
    await lists(container, project, ["1", boxes[0], boxes[ASKED_IN_A_ROUND + 1], boxes[-1]])

    for _ in range(4):
        await container.release_listed()(project.project_id)

    assert sorted(await messages_of(container, project)) == [
        [boxes[0]],
        [boxes[ASKED_IN_A_ROUND + 1]],
        [boxes[-1]],
    ]


async def test_no_more_numbers_are_asked_for_in_a_round_than_it_has_time_for(
    post: Post, container: Container, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    await lists(container, project, ["1"])
    boxes = [f"9{number:04}" for number in range(ASKED_IN_A_ROUND + 5)]
    await post(*(a_postcard(box, box, recipient=box) for box in boxes), delivery=STAMPED)
    asked = []

    async def nobody(_channel: str, _home: str, number: str) -> None:
        asked.append(number)

    monkeypatch.setattr(container.release_listed()._route_item, "of_held", nobody)

    await container.release_listed()(project.project_id)

    assert asked == boxes[:ASKED_IN_A_ROUND]


async def test_a_number_that_is_listed_after_its_turn_gets_another(
    post: Post, container: Container, project: Project
) -> None:
    await lists(container, project, ["1"])
    boxes = [f"9{number:04}" for number in range(ASKED_IN_A_ROUND + 5)]
    await post(*(a_postcard(box, box, recipient=box) for box in boxes), delivery=STAMPED)
    for _ in range(2):
        await container.release_listed()(project.project_id)
    await lists(container, project, ["1", boxes[0]])

    await container.release_listed()(project.project_id)

    assert await messages_of(container, project) == [[boxes[0]]]
