"""However many numbers nobody lists, each is asked for in its turn."""

import pytest

from application.held.release_listed import ASKED_IN_A_ROUND, ReleaseListed
from application.ports.lead_archive import LeadArchive
from domain.project import Project
from tests.application.boxes import STAMPED, Boxes
from tests.application.fakes import a_postcard
from tests.application.kept import messages_of
from tests.application.posting import Post


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
