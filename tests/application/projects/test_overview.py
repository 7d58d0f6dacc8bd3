from datetime import timedelta
from itertools import count

import pytest

from application.capture.capture_lead import CaptureLead, Submission
from application.projects.overview import Need, OverviewProjects
from domain.held import PLAN_LIMIT_REACHED
from domain.plan import Usage
from domain.project import Project
from entrypoints.container import Container
from tests.support.builders import a_held_call, a_project
from tests.support.clocks import StillClock

_numbers = count(1)


@pytest.fixture
def overview(container: Container) -> OverviewProjects:
    return container.overview_projects()


async def kept(container: Container, name: str, monthly_limit: int | None = None) -> Project:
    project = a_project(name=name, monthly_limit=monthly_limit)
    await container.projects().add(project)
    return project


async def lead(capture: CaptureLead, project: Project) -> None:
    request_id = f"req_{next(_numbers)}"
    await capture(Submission(project_id=project.project_id, request_id=request_id, body={}))


async def test_those_that_need_somebody_come_first_and_the_others_by_name(
    overview: OverviewProjects, container: Container, capture: CaptureLead, clock: StillClock
) -> None:
    silent = await kept(container, "Silent")
    await lead(capture, silent)
    clock.advance(timedelta(days=9).total_seconds())
    full, waiting = await kept(container, "Full", 1), await kept(container, "Waiting")
    beta, alpha = await kept(container, "beta"), await kept(container, "Alpha")
    await lead(capture, full)
    await lead(capture, beta)
    await container.held_ledger().hold([a_held_call(waiting), a_held_call(full)])

    seen = await overview([beta, alpha, silent, waiting, full])

    assert [(one.project.name, one.need) for one in seen] == [
        ("Full", Need.MONTH_FULL),
        ("Waiting", Need.WAITING),
        ("Silent", Need.SILENT),
        ("Alpha", Need.NOTHING),
        ("beta", Need.NOTHING),
    ]
    assert [one.silent_days for one in seen] == [None, None, 9, None, None]
    assert seen[0].usage == Usage(
        places_taken=1, held_by_code={PLAN_LIMIT_REACHED: 1}, last_lead_at=clock.now()
    )


@pytest.mark.parametrize(("days", "said"), [(0, None), (6.9, None), (7, 7), (30.5, 30)])
async def test_a_project_is_silent_after_a_week_without_a_lead(
    overview: OverviewProjects,
    container: Container,
    capture: CaptureLead,
    clock: StillClock,
    days: float,
    said: int | None,
) -> None:
    project = await kept(container, "Shop")
    await lead(capture, project)
    clock.advance(timedelta(days=days).total_seconds())

    (seen,) = await overview([project])

    assert seen.silent_days == said


async def test_a_project_that_never_had_a_lead_is_not_silent(
    overview: OverviewProjects, container: Container, clock: StillClock
) -> None:
    project = await kept(container, "Shop")
    clock.advance(timedelta(days=60).total_seconds())

    (seen,) = await overview([project])

    assert (seen.need, seen.silent_days, seen.usage) == (Need.NOTHING, None, Usage())


async def test_a_month_is_full_when_its_limit_was_lowered_below_what_is_taken(
    overview: OverviewProjects, container: Container, capture: CaptureLead
) -> None:
    project = await kept(container, "Shop")
    for _ in range(2):
        await lead(capture, project)
    full = {}
    for limit in (0, 1, 2, 3, None):
        changed = a_project(name="Shop", project_id=project.project_id, monthly_limit=limit)
        (seen,) = await overview([changed])
        full[limit] = seen.is_full

    assert full == {0: True, 1: True, 2: True, 3: False, None: False}
