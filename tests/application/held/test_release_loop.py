"""A round looks at everything that is held, whatever befell the round before."""

import asyncio
from datetime import timedelta

import pytest

from application.held import release_loop
from application.held.release_listed import ReleaseListed
from application.held.release_loop import PRUNE_EVERY_SECONDS
from domain.delivery import Unreadable
from domain.errors import StorageUnavailable, StoreUnusable
from domain.held import CODES, LINES, NUMBER_NOT_LISTED, UNREADABLE, HeldLimits
from domain.project import Project
from domain.refusals import Overloaded
from entrypoints.container import Container
from tests.application.fakes import a_postcard
from tests.application.in_force import change, hold_at_most
from tests.application.kept import held_by, leads_of
from tests.application.posting import Post
from tests.support.builders import a_held_call
from tests.support.clocks import StillClock


async def test_what_is_mended_is_released_without_anybody_asking(
    post: Post,
    container: Container,
    clock: StillClock,
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(release_loop, "ROUND_EVERY_SECONDS", 0.001)
    await change(container, project, monthly_limit=0)
    await post(a_postcard("1"))
    container.release_loop().start()
    await change(container, project, monthly_limit=1)

    async with asyncio.timeout(20):
        while await held_by(container, project):  # noqa: ASYNC110  the store tells nobody
            await asyncio.sleep(0.001)
    await container.release_loop().stop()


@pytest.mark.parametrize("error", [StorageUnavailable("down"), ZeroDivisionError("odd")])
async def test_after_a_round_that_failed_there_is_another(
    container: Container, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(release_loop, "ROUND_EVERY_SECONDS", 0.001)
    tried, twice = [], asyncio.Event()

    async def fail() -> None:
        tried.append(1)
        if len(tried) == 2:
            twice.set()
        raise error

    monkeypatch.setattr(container.release_loop(), "round", fail)
    container.release_loop().start()
    async with asyncio.timeout(20):
        await twice.wait()
    await container.release_loop().stop()


async def test_a_project_whose_release_fails_keeps_no_other_from_its_own(
    post: Post,
    container: Container,
    clock: StillClock,
    project: Project,
    other: Project,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await container.held_ledger().hold([a_held_call(other, code=NUMBER_NOT_LISTED)])
    await change(container, project, monthly_limit=0)
    await post(a_postcard("1"))
    await change(container, project, monthly_limit=1)

    async def fail(*_: object) -> None:
        raise StoreUnusable("a secret cannot be unlocked")

    monkeypatch.setattr(ReleaseListed, "__call__", fail)
    for _ in range(2):
        await container.release_loop().round()

    assert await held_by(container, project) == []
    assert [record.name for record in caplog.records].count("swiftcrm.held") == 1


async def test_a_project_whose_queue_is_full_is_left_to_the_next_round_and_nothing_is_said(
    container: Container,
    project: Project,
    other: Project,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await container.held_ledger().hold(
        [a_held_call(one, code=NUMBER_NOT_LISTED) for one in (project, other)]
    )
    tried = []

    async def overloaded(_: ReleaseListed, project_id: str) -> None:
        tried.append(project_id)
        raise Overloaded(retry_after_seconds=1)

    monkeypatch.setattr(ReleaseListed, "__call__", overloaded)
    await container.release_loop().round()

    assert sorted(tried) == sorted([project.project_id, other.project_id])
    assert caplog.records == []


async def test_a_round_ends_at_once_when_the_store_is_away(
    container: Container, project: Project, other: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    await container.held_ledger().hold(
        [a_held_call(one, code=NUMBER_NOT_LISTED) for one in (project, other)]
    )
    tried = []

    async def away(_: ReleaseListed, project_id: str) -> None:
        tried.append(project_id)
        raise StorageUnavailable("down")

    monkeypatch.setattr(ReleaseListed, "__call__", away)
    with pytest.raises(StorageUnavailable):
        await container.release_loop().round()

    assert len(tried) == 1


async def test_a_project_that_holds_nothing_costs_nothing_and_a_round_without_work_is_no_error(
    container: Container, project: Project
) -> None:
    await container.release_loop().round()

    assert await leads_of(container, project) == []


async def test_what_is_too_old_is_removed(
    post: Post, container: Container, clock: StillClock, project: Project
) -> None:
    await post(Unreadable(raw="old"))
    clock.time += timedelta(days=HeldLimits().days - 1)
    await post(Unreadable(raw="young"))
    await container.release_loop().round()
    assert len(await held_by(container, project)) == 2

    clock.time += timedelta(days=2)
    clock.advance(PRUNE_EVERY_SECONDS)
    await container.release_loop().round()

    assert [call.body for call in await held_by(container, project)] == ["young"]


@pytest.mark.parametrize("line", LINES)
async def test_a_line_that_is_too_old_is_removed_as_well(
    container: Container, clock: StillClock, project: Project, line: str
) -> None:
    at = clock.now() - timedelta(days=HeldLimits().days + 1)
    await container.held_ledger().hold([a_held_call(project, code=line, at=at, capture=None)])

    await container.release_loop().round()

    assert await held_by(container, project) == []


@pytest.mark.parametrize("code", CODES)
async def test_what_was_held_is_never_removed_for_being_too_much(
    container: Container, project: Project, code: str
) -> None:
    hold_at_most(container, 2)
    await container.held_ledger().hold([a_held_call(project, code=code) for _ in range(5)])

    await container.release_loop().round()

    assert len(await held_by(container, project)) == 5


@pytest.mark.parametrize("line", LINES)
async def test_of_lines_that_are_too_many_the_oldest_are_removed(
    container: Container, project: Project, line: str
) -> None:
    hold_at_most(container, 2)
    lines = [a_held_call(project, code=line, body="", capture=None) for _ in range(5)]
    await container.held_ledger().hold(lines)

    await container.release_loop().round()

    assert await held_by(container, project) == lines[3:]


async def test_what_is_removed_is_looked_for_once_a_minute_and_said(
    container: Container, clock: StillClock, project: Project, caplog: pytest.LogCaptureFixture
) -> None:
    await container.release_loop().round()
    at = clock.now() - timedelta(days=HeldLimits().days + 1)
    await container.held_ledger().hold(
        [a_held_call(project, code=UNREADABLE, at=at) for _ in range(3)]
    )

    await container.release_loop().round()
    before = await held_by(container, project)
    clock.advance(PRUNE_EVERY_SECONDS)
    await container.release_loop().round()

    assert len(before) == 3
    assert caplog.messages == [f"held.pruned {project.project_id} UNREADABLE 3"]
