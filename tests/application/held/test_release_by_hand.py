"""What an operator releases goes to its owner first; what nobody owns only if it is named."""

import pytest

from application.capture.lead_writer import LeadWriter
from application.held.release import PAGE, ReleaseCount
from application.held.release_by_hand import ReleaseInBackground
from application.held.release_listed import ASKED_IN_A_ROUND
from domain.delivery import Unreadable
from domain.errors import StorageUnavailable
from domain.held import LINES, NUMBER_NOT_LISTED, UNREADABLE, HeldQuery
from domain.project import Project
from entrypoints.container import Container
from tests.application.fakes import WatchedLedger, a_postcard
from tests.application.in_force import STAMPED, lists
from tests.application.kept import held_by, leads_of, messages_of
from tests.application.posting import Post
from tests.support.builders import a_held_call, held_calls


@pytest.fixture
async def unlisted(post: Post, container: Container, project: Project) -> Project:
    """The project of the webhook, which holds a message to box 4 and one to box 5."""
    await lists(container, project, ["1"])
    for box, message_id in (("4", "m1"), ("5", "m2")):
        await post(a_postcard(box, message_id, recipient=box), delivery=STAMPED)
    return project


async def test_what_another_project_lists_by_now_goes_there(
    container: Container, unlisted: Project, other: Project
) -> None:
    await lists(container, other, ["4"])

    count = await container.release_by_hand()(HeldQuery(project_id=unlisted.project_id))

    assert count == ReleaseCount(released=1, still_held=1)
    assert await messages_of(container, other) == [["m1"]]
    assert await messages_of(container, unlisted) == []


@pytest.mark.parametrize("code", [None, NUMBER_NOT_LISTED])
async def test_what_nobody_lists_waits_and_is_counted(
    container: Container, unlisted: Project, code: str | None
) -> None:
    count = await container.release_by_hand()(HeldQuery(project_id=unlisted.project_id, code=code))

    assert count == ReleaseCount(released=0, still_held=2)
    assert await leads_of(container, unlisted) == []
    assert len(await held_by(container, unlisted)) == 2


async def test_what_nobody_lists_becomes_a_lead_of_the_project_that_holds_it_if_it_is_named(
    container: Container, unlisted: Project
) -> None:
    (_, second) = await held_by(container, unlisted)
    named = HeldQuery(project_id=unlisted.project_id, held_ids=[second.held_id])

    count = await container.release_by_hand()(named)

    assert count == ReleaseCount(released=1, still_held=0)
    assert await messages_of(container, unlisted) == [["m2"]]


async def test_what_is_named_and_has_an_owner_goes_to_the_owner(
    container: Container, unlisted: Project, other: Project
) -> None:
    await lists(container, other, ["4", "5"])
    named = [call.held_id for call in await held_by(container, unlisted)]

    await container.release_by_hand()(HeldQuery(project_id=unlisted.project_id, held_ids=named))

    assert await messages_of(container, other) == [["m1"], ["m2"]]
    assert await messages_of(container, unlisted) == []


async def test_what_could_not_be_read_needs_no_owner(
    container: Container, post: Post, unlisted: Project
) -> None:
    await post(Unreadable(raw="odd", recipient="4"), delivery=STAMPED)

    count = await container.release_by_hand()(HeldQuery(project_id=unlisted.project_id))

    assert count == ReleaseCount(released=1, still_held=2)
    assert len(await leads_of(container, unlisted)) == 1


async def test_all_numbers_are_asked_for_at_once(
    container: Container, post: Post, project: Project
) -> None:
    await lists(container, project, ["1"])
    boxes = [f"9{number:04}" for number in range(ASKED_IN_A_ROUND + 5)]
    await post(*(a_postcard(box, box, recipient=box) for box in boxes), delivery=STAMPED)
    await lists(container, project, ["1", boxes[0], boxes[-1]])

    count = await container.release_by_hand()(HeldQuery(project_id=project.project_id))

    assert count == ReleaseCount(released=2, still_held=len(boxes) - 2)
    assert await messages_of(container, project) == [[boxes[0]], [boxes[-1]]]


async def test_what_came_through_a_channel_that_is_switched_off_waits_until_it_is_named(
    container: Container, writer: LeadWriter, project: Project
) -> None:
    call = a_held_call(project, code=NUMBER_NOT_LISTED, channel="doves", origin="4")
    await container.held_ledger().hold([call])

    unnamed = await container.release_by_hand()(HeldQuery(project_id=project.project_id))
    named = HeldQuery(project_id=project.project_id, held_ids=[call.held_id])

    assert unnamed == ReleaseCount(released=0, still_held=1)
    assert await container.release_by_hand()(named) == ReleaseCount(released=1, still_held=0)
    assert len(await leads_of(container, project)) == 1


@pytest.mark.parametrize("line", LINES)
async def test_a_line_about_a_refused_call_becomes_no_lead_and_does_not_wait(
    container: Container, project: Project, line: str
) -> None:
    refused = a_held_call(project, code=line, body="", capture=None)
    await container.held_ledger().hold([refused])

    for held_ids in (None, [refused.held_id]):
        query = HeldQuery(project_id=project.project_id, held_ids=held_ids)
        assert await container.release_by_hand()(query) == ReleaseCount(released=0, still_held=0)

    assert await leads_of(container, project) == []
    assert await held_by(container, project) == [refused]


@pytest.fixture
async def waiting(container: Container, project: Project) -> HeldQuery:
    """What asks for all that the project holds, which is on more than one page."""
    await container.held_ledger().hold(held_calls(project, 2 * PAGE, UNREADABLE))
    return HeldQuery(project_id=project.project_id)


async def test_who_has_waited_long_enough_goes_and_the_release_goes_on(
    container: Container,
    ledger: WatchedLedger,
    writer: LeadWriter,
    project: Project,
    waiting: HeldQuery,
) -> None:
    ledger.gate.clear()
    release = container.release_in_background()

    first = await release(waiting, within_seconds=0)
    ledger.gate.set()
    second = await release(waiting, within_seconds=60)

    assert first is None
    assert second == ReleaseCount(released=2 * PAGE)
    assert sum(map(len, ledger.given)) == 2 * PAGE  # nothing was tried twice
    assert len(await leads_of(container, project)) == 2 * PAGE
    assert await release(waiting, within_seconds=60) == ReleaseCount()


async def test_a_process_that_ends_leaves_what_is_not_released_yet(
    container: Container,
    ledger: WatchedLedger,
    writer: LeadWriter,
    project: Project,
    waiting: HeldQuery,
) -> None:
    ledger.gate.clear()
    await container.release_in_background()(waiting, within_seconds=0)

    await container.release_in_background().stop()
    ledger.gate.set()

    assert len(await held_by(container, project)) == 2 * PAGE


async def test_a_release_that_fails_says_so_to_who_waits_and_may_be_asked_for_again(
    waiting: HeldQuery,
) -> None:
    answers = iter([StorageUnavailable(), ReleaseCount(released=1)])

    async def sometimes(_: HeldQuery) -> ReleaseCount:
        answer = next(answers)
        if isinstance(answer, StorageUnavailable):
            raise answer
        return answer

    release = ReleaseInBackground(sometimes)  # type: ignore[arg-type]

    with pytest.raises(StorageUnavailable):
        await release(waiting, within_seconds=60)
    assert await release(waiting, within_seconds=60) == ReleaseCount(released=1)
