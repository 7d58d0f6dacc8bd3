"""What is held is bounded in age and number, and what goes is said."""

from datetime import timedelta

import pytest

from application.held import release_loop
from application.held.release_loop import PRUNE_EVERY_SECONDS, ReleaseLoop
from application.ports.held_archive import HeldArchive
from domain.delivery import Unreadable
from domain.held import KEPT_DAYS
from domain.project import Project
from tests.application.kept import held_by
from tests.application.posting import Post
from tests.support.clocks import StillClock


async def test_what_is_too_old_is_removed(
    post: Post,
    rounds: ReleaseLoop,
    held_archive: HeldArchive,
    clock: StillClock,
    project: Project,
) -> None:
    await post(Unreadable(raw="old"))
    clock.time += timedelta(days=KEPT_DAYS - 1)
    await post(Unreadable(raw="young"))
    await rounds.round()
    assert len(await held_by(held_archive, project)) == 2

    clock.time += timedelta(days=2)
    clock.advance(PRUNE_EVERY_SECONDS)
    await rounds.round()

    assert [call.body for call in await held_by(held_archive, project)] == ["young"]


async def test_what_is_too_much_is_removed_oldest_first(
    post: Post,
    rounds: ReleaseLoop,
    held_archive: HeldArchive,
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(release_loop, "MOST_OF_A_CODE", 2)
    await post(*(Unreadable(raw=str(number)) for number in range(5)))

    await rounds.round()

    assert [call.body for call in await held_by(held_archive, project)] == ["3", "4"]


async def test_what_is_removed_is_looked_for_once_a_minute_and_said(
    post: Post,
    rounds: ReleaseLoop,
    held_archive: HeldArchive,
    clock: StillClock,
    project: Project,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(release_loop, "MOST_OF_A_CODE", 2)
    await rounds.round()
    await post(*(Unreadable(raw=str(number)) for number in range(5)))

    await rounds.round()
    before = await held_by(held_archive, project)
    clock.advance(PRUNE_EVERY_SECONDS)
    await rounds.round()

    assert len(before) == 5
    assert caplog.messages == [f"held.pruned {project.project_id} UNREADABLE 3"]
