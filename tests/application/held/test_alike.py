"""Calls that say the same are one lead, whichever codes they are held under, on both stores."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from application.held import alike, release
from application.held.refused_call import refused_call
from application.held.release import ReleaseCount
from application.ports.held_ledger import HeldLedger
from domain.errors import StorageUnavailable
from domain.held import (
    DOMAIN_NOT_ALLOWED,
    INVALID_JSON,
    PLAN_LIMIT_REACHED,
    VALIDATION_FAILED,
    HeldCall,
    HeldQuery,
)
from domain.lead import LeadDetails
from domain.project import Project
from entrypoints.container import Container
from tests.application.in_force import change
from tests.application.kept import held_by, leads_of
from tests.support.builders import NOW, a_capture, a_held_call
from tests.support.clocks import StillClock
from tests.support.stores import SQLITE

pytestmark = pytest.mark.parametrize("database_url", [SQLITE, "mongodb"], indirect=True)

CODES = (DOMAIN_NOT_ALLOWED, PLAN_LIMIT_REACHED)
FINE, BROKEN = b"{}", b'{"name": "Ada'


def refused(
    project: Project, code: str, name: str = "Ada", *, minutes: int = 0, body: bytes = FINE
) -> HeldCall:
    """What somebody with this name sent so many minutes after noon; a broken body has no name."""
    made = a_held_call(project)  # the ids of those that are made later sort later
    capture = a_capture(
        project,
        capture_id=made.request_id,
        request_id=made.request_id,
        captured_at=NOW + timedelta(minutes=minutes),
        details=LeadDetails(name=name),
    )
    return refused_call(capture, code, body=body, origin=None, is_read=body != BROKEN)


async def hold(container: Container, *calls: HeldCall) -> Sequence[HeldCall]:
    await container.held_ledger().hold_or_count(calls)
    return calls


async def hold_two(container: Container, project: Project) -> Sequence[HeldCall]:
    """Somebody was refused for one reason, and five minutes later for another one."""
    calls = (refused(project, code, minutes=5 * n) for n, code in enumerate(CODES))
    return await hold(container, *calls)


async def release_by_hand(container: Container, project: Project, **query: Any) -> ReleaseCount:
    return await container.release_by_hand()(HeldQuery(project_id=project.project_id, **query))


async def assert_one_lead(container: Container, project: Project, first: HeldCall) -> None:
    (lead,) = await leads_of(container, project)
    assert (lead.captured_at, lead.request_id) == (first.at, first.request_id)
    assert await held_by(container, project) == []


@pytest.mark.parametrize(
    ("queries", "released"),
    [
        ([{}], [2]),
        ([{"code": CODES[0]}, {"code": CODES[1]}], [2, 0]),
        ([{"code": CODES[1]}, {"code": CODES[0]}], [2, 0]),
        ([{"id": 0}], [2]),
        ([{"id": 1}], [2]),
    ],
    ids=["all", "code by code", "the later code first", "by the first id", "by the second id"],
)
async def test_who_was_refused_for_two_reasons_is_one_lead_however_it_is_released(
    container: Container,
    writer: object,
    project: Project,
    queries: Sequence[dict[str, Any]],
    released: Sequence[int],
) -> None:
    calls = await hold_two(container, project)

    for query, count in zip(queries, released, strict=True):
        wanted = {"held_ids": [calls[query["id"]].held_id]} if "id" in query else query
        found = await release_by_hand(container, project, **wanted)
        assert found == ReleaseCount(released=count)

    await assert_one_lead(container, project, calls[0])


async def test_pages_apart_it_is_one_lead_too(
    container: Container, writer: object, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release, "PAGE", 1)
    calls = await hold_two(container, project)

    assert await release_by_hand(container, project) == ReleaseCount(released=2)

    await assert_one_lead(container, project, calls[0])


async def test_what_found_no_place_under_either_is_one_lead_once_there_is_one(
    container: Container, writer: object, project: Project
) -> None:
    await change(container, project, monthly_limit=0)
    calls = await hold_two(container, project)
    for code in CODES:
        assert (await release_by_hand(container, project, code=code)).without_place == 1
    assert [one.code for one in await held_by(container, project)] == list(CODES)

    await change(container, project, monthly_limit=9)
    await release_by_hand(container, project, code=CODES[1])

    await assert_one_lead(container, project, calls[0])


@pytest.mark.parametrize("removed", [0, 1])
@pytest.mark.parametrize("then", [0, 1])
async def test_whatever_a_kill_leaves_of_it_is_the_same_lead(
    container: Container,
    writer: object,
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
    removed: int,
    then: int,
) -> None:
    calls = await hold_two(container, project)
    with monkeypatch.context() as patch:
        die_after(patch, container.held_ledger(), removed)
        with pytest.raises(StorageUnavailable):
            await release_by_hand(container, project, code=CODES[1 - then])
    assert len(await held_by(container, project)) == 2 - removed

    for code in (CODES[then], CODES[1 - then]):
        await release_by_hand(container, project, code=code)

    await assert_one_lead(container, project, calls[0])


def die_after(patch: pytest.MonkeyPatch, ledger: HeldLedger, removals: int) -> None:
    """Let the store be gone after so many removals, as for a process that is killed there."""
    remove, left = ledger.remove, iter(range(removals))

    async def remove_or_die(project_id: str, held_ids: Sequence[str]) -> None:
        if next(left, None) is None:
            raise StorageUnavailable("killed")
        await remove(project_id, held_ids)

    patch.setattr(ledger, "remove", remove_or_die)


async def test_those_who_release_each_code_at_one_moment_make_one_lead(
    container: Container, writer: object, project: Project
) -> None:
    calls = await hold_two(container, project)

    await asyncio.gather(
        *(release_by_hand(container, project, code=code) for code in (*CODES, *CODES))
    )

    await assert_one_lead(container, project, calls[0])


async def test_what_somebody_else_released_since_it_was_read_is_left_alone(
    container: Container, project: Project
) -> None:
    first, later = await hold_two(container, project)
    archive, project_id = container.held_archive(), project.project_id

    await container.held_ledger().remove(project_id, [later.held_id])
    found = await alike.find_alike(archive, project_id, [first, later])
    assert found == {first.held_id: [first]}
    await container.held_ledger().remove(project_id, [first.held_id])
    assert await alike.find_alike(archive, project_id, [first, later]) == {}


@pytest.mark.parametrize("body", [FINE, BROKEN])
async def test_the_same_words_after_the_release_are_another_lead(
    container: Container, writer: object, project: Project, clock: StillClock, body: bytes
) -> None:
    for month in range(2):
        at = month * 31 * 24 * 60
        await hold(container, refused(project, DOMAIN_NOT_ALLOWED, minutes=at, body=body))
        await release_by_hand(container, project)
        clock.advance(31 * 24 * 3600)

    assert len(await leads_of(container, project)) == 2


async def test_a_body_that_nobody_can_parse_is_one_lead_under_two_codes_too(
    container: Container, writer: object, project: Project
) -> None:
    first, again = await hold(
        container,
        *(refused(project, code, body=BROKEN) for code in (DOMAIN_NOT_ALLOWED, INVALID_JSON)),
    )

    await release_by_hand(container, project, code=again.code)

    await assert_one_lead(container, project, first)


async def test_who_says_something_else_is_a_lead_of_its_own(
    container: Container, writer: object, project: Project
) -> None:
    await hold(
        container,
        refused(project, DOMAIN_NOT_ALLOWED, "Ada"),
        refused(project, DOMAIN_NOT_ALLOWED, "Eve"),
        refused(project, VALIDATION_FAILED, "Ada"),
    )

    await release_by_hand(container, project)

    assert [lead.details.name for lead in await leads_of(container, project)] == ["Ada", "Eve"]
