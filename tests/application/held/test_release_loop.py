"""A round looks at everything that is held, whatever befell the round before."""

import asyncio
import contextlib
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.sqlite import SqliteProjectRegister
from application.held import release_loop
from application.held.release_listed import ReleaseListed
from application.held.release_loop import PRUNE_EVERY_SECONDS, ReleaseLoop
from application.ports.held_archive import HeldArchive
from application.ports.held_ledger import HeldLedger
from application.ports.lead_archive import LeadArchive
from domain.delivery import Unreadable
from domain.errors import StorageUnavailable, StoreUnusable
from domain.held import KEPT_DAYS, NUMBER_NOT_LISTED
from domain.project import Project
from domain.refusals import Overloaded
from tests.application.fakes import a_postcard
from tests.application.kept import held_by, leads_of
from tests.application.posting import Post
from tests.support.builders import a_held_call
from tests.support.clocks import StillClock


async def test_what_is_mended_is_released_without_anybody_asking(
    post: Post,
    rounds: ReleaseLoop,
    projects: SqliteProjectRegister,
    held_archive: HeldArchive,
    clock: StillClock,
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(release_loop, "ROUND_EVERY_SECONDS", 0.001)
    await projects.change(project.project_id, lambda old: replace(old, monthly_limit=0))
    await post(a_postcard("1"))
    rounds.start()
    await projects.change(project.project_id, lambda old: replace(old, monthly_limit=1))
    clock.advance(3)

    async with asyncio.timeout(20):
        while await held_by(held_archive, project):  # noqa: ASYNC110  the store tells nobody
            await asyncio.sleep(0.001)
    await rounds.stop()


@pytest.mark.parametrize("error", [StorageUnavailable("down"), ZeroDivisionError("odd")])
async def test_after_a_round_that_failed_there_is_another(
    rounds: ReleaseLoop, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(release_loop, "ROUND_EVERY_SECONDS", 0.001)
    tried, twice = [], asyncio.Event()

    async def fail() -> None:
        tried.append(1)
        if len(tried) == 2:
            twice.set()
        raise error

    monkeypatch.setattr(rounds, "round", fail)
    rounds.start()
    async with asyncio.timeout(20):
        await twice.wait()
    await rounds.stop()


async def test_a_project_whose_release_fails_keeps_no_other_from_its_own(
    post: Post,
    rounds: ReleaseLoop,
    projects: SqliteProjectRegister,
    held: HeldLedger,
    held_archive: HeldArchive,
    clock: StillClock,
    project: Project,
    other: Project,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await held.hold([a_held_call(other, code=NUMBER_NOT_LISTED)])
    await projects.change(project.project_id, lambda old: replace(old, monthly_limit=0))
    await post(a_postcard("1"))
    await projects.change(project.project_id, lambda old: replace(old, monthly_limit=1))
    clock.advance(3)

    async def fail(*_: object) -> None:
        raise StoreUnusable("a secret cannot be unlocked")

    monkeypatch.setattr(ReleaseListed, "__call__", fail)
    for _ in range(2):
        await rounds.round()

    assert await held_by(held_archive, project) == []
    assert [record.name for record in caplog.records].count("swiftcrm.held") == 1


async def test_a_project_whose_queue_is_full_is_left_to_the_next_round_and_nothing_is_said(
    rounds: ReleaseLoop,
    held: HeldLedger,
    project: Project,
    other: Project,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await held.hold([a_held_call(one, code=NUMBER_NOT_LISTED) for one in (project, other)])
    tried = []

    async def overloaded(_: ReleaseListed, project_id: str) -> None:
        tried.append(project_id)
        raise Overloaded(retry_after_seconds=1)

    monkeypatch.setattr(ReleaseListed, "__call__", overloaded)
    await rounds.round()

    assert sorted(tried) == sorted([project.project_id, other.project_id])
    assert caplog.records == []


async def test_a_round_ends_at_once_when_the_store_is_away(
    rounds: ReleaseLoop,
    held: HeldLedger,
    project: Project,
    other: Project,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await held.hold([a_held_call(one, code=NUMBER_NOT_LISTED) for one in (project, other)])
    tried = []

    async def away(_: ReleaseListed, project_id: str) -> None:
        tried.append(project_id)
        raise StorageUnavailable("down")

    monkeypatch.setattr(ReleaseListed, "__call__", away)
    with pytest.raises(StorageUnavailable):
        await rounds.round()

    assert len(tried) == 1


async def test_rounds_that_are_stopped_are_over(
    rounds: ReleaseLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release_loop, "ROUND_EVERY_SECONDS", 0.0)
    begun, ended = asyncio.Event(), asyncio.Event()

    async def endless() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    monkeypatch.setattr(rounds, "round", endless)
    rounds.start()
    await begun.wait()

    await rounds.stop()

    assert ended.is_set()


async def test_rounds_end_though_a_driver_swallows_the_cancel(
    rounds: ReleaseLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release_loop, "ROUND_EVERY_SECONDS", 0.0)
    begun = asyncio.Event()

    async def swallowing() -> None:
        begun.set()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()

    monkeypatch.setattr(rounds, "round", swallowing)
    rounds.start()
    await begun.wait()

    async with asyncio.timeout(10):
        await rounds.stop()


async def test_a_project_that_holds_nothing_costs_nothing_and_a_round_without_work_is_no_error(
    rounds: ReleaseLoop, archive: LeadArchive, project: Project
) -> None:
    await rounds.round()

    assert await leads_of(archive, project) == []


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
