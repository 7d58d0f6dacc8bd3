"""Each item of a delivery goes to the project that its number belongs to."""

from collections.abc import Sequence

import pytest

from domain.delivery import Unreadable
from domain.held import NUMBER_NOT_LISTED, UNREADABLE
from domain.project import Project
from domain.refusals import SignatureMismatch
from entrypoints.container import Container
from tests.application.fakes import a_postcard
from tests.application.in_force import OURS, STAMPED, THEIRS, lists
from tests.application.kept import held_by, messages_of
from tests.application.posting import Post


async def test_a_project_that_lists_no_number_takes_all(
    post: Post, container: Container, project: Project, other: Project
) -> None:
    await lists(container, other, ["2"])
    await lists(container, project, [])
    await post(a_postcard("1", "m1", recipient="2"), delivery=STAMPED)

    assert await messages_of(container, project) == [["m1"]]


async def test_each_message_goes_to_the_project_that_lists_its_number(
    post: Post, container: Container, project: Project, other: Project
) -> None:
    await lists(container, project, ["1"])
    await lists(container, other, ["2", "3"])

    receipt = await post(
        a_postcard("1", "m1", recipient="1"),
        a_postcard("1", "m2", recipient="2"),
        a_postcard("1", "m3"),
        a_postcard("1", "m4", recipient="3"),
        delivery=STAMPED,
    )

    assert receipt.new_leads == 2
    assert await messages_of(container, project) == [["m1", "m3"]]
    assert await messages_of(container, other) == [["m2", "m4"]]


async def test_a_number_that_nobody_lists_is_held_with_its_number(
    post: Post, container: Container, project: Project
) -> None:
    await lists(container, project, ["1"])

    receipt = await post(a_postcard("1", "m1", recipient="4"), delivery=STAMPED)

    (call,) = await held_by(container, project)
    assert receipt.held == 1
    assert (call.code, call.origin) == (NUMBER_NOT_LISTED, "4")
    assert await messages_of(container, project) == []


@pytest.mark.parametrize("stamps", [(), (THEIRS,)], ids=["no secret", "another secret"])
async def test_a_neighbour_whose_secret_did_not_sign_gets_nothing(
    post: Post, container: Container, project: Project, other: Project, stamps: Sequence[str]
) -> None:
    await lists(container, project, ["1"])
    await lists(container, other, ["2"], stamps)

    await post(a_postcard("1", "m1", recipient="2"), delivery=STAMPED)

    assert await messages_of(container, other) == []
    assert [call.code for call in await held_by(container, project)] == [NUMBER_NOT_LISTED]


@pytest.mark.parametrize("theirs", [[OURS, THEIRS], [THEIRS, OURS]])
async def test_of_two_neighbours_that_list_a_number_the_one_whose_secret_signed_has_it(
    post: Post,
    container: Container,
    project: Project,
    other: Project,
    small: Project,
    theirs: Sequence[str],
) -> None:
    await lists(container, project, ["1"])
    neighbours = (other, small)
    for one, stamp in zip(neighbours, theirs, strict=True):
        await lists(container, one, ["2"], [stamp])

    await post(a_postcard("1", "m1", recipient="2"), delivery=STAMPED)

    owner, stranger = neighbours if theirs[0] == OURS else reversed(neighbours)
    assert await messages_of(container, owner) == [["m1"]]
    assert await messages_of(container, stranger) == []


async def test_of_two_projects_that_list_a_number_the_one_that_is_called_has_it(
    post: Post, container: Container, project: Project, other: Project
) -> None:
    for one in (project, other):
        await lists(container, one, ["1"])

    await post(a_postcard("1", "m1", recipient="1"), delivery=STAMPED)

    assert await messages_of(container, project) == [["m1"]]
    assert await messages_of(container, other) == []


async def test_a_delivery_signed_by_one_project_does_not_open_the_webhook_of_another(
    post: Post, container: Container, other: Project
) -> None:
    await lists(container, other, ["2"], [THEIRS])
    key = await container.create_key()(other.project_id, channel="postcards")

    with pytest.raises(SignatureMismatch):
        await post(a_postcard("1", recipient="2"), key=key.secret, delivery=STAMPED)


async def test_what_cannot_be_read_is_held_where_its_number_is_listed(
    post: Post, container: Container, project: Project, other: Project
) -> None:
    await lists(container, project, ["1"])
    await lists(container, other, ["2"])

    await post(*(Unreadable(raw=box, recipient=box) for box in "124"), delivery=STAMPED)

    assert [call.body for call in await held_by(container, other)] == ["2"]
    assert [call.body for call in await held_by(container, project)] == ["1", "4"]
    assert {call.code for call in await held_by(container, project)} == {UNREADABLE}
