"""Which held calls came in since, where there are many of them, and many leads."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from application.capture.lead_writer import LeadWriter
from application.held import arrivals, release_for_plan
from application.held.arrivals import Arrivals
from application.held.hold import to_capture
from application.held.release import ReleaseCount
from application.ports.lead_archive import LeadArchive
from domain.held import DOMAIN_NOT_ALLOWED, PLAN_LIMIT_REACHED, HeldCall, HeldQuery
from domain.lead import Lead, LeadDetails
from domain.leads.query import LeadQuery
from domain.project import Project
from entrypoints.container import Container
from tests.application.in_force import change
from tests.application.kept import leads_of
from tests.support.builders import a_capture, a_held_call
from tests.support.clocks import StillClock
from tests.support.stores import SQLITE


class CountingArchive:
    """The leads of a store; counts how many are read."""

    def __init__(self, archive: LeadArchive) -> None:
        self._archive = archive
        self.read = 0

    async def page(self, query: LeadQuery, *, after: int | None, limit: int) -> Sequence[Lead]:
        """A page of the store."""
        leads = await self._archive.page(query, after=after, limit=limit)
        self.read += len(leads)
        return leads


def held_from(
    project: Project,
    clock: StillClock,
    number: int,
    code: str = DOMAIN_NOT_ALLOWED,
    name: str | None = None,
) -> HeldCall:
    """A held call of the person with this number."""
    details = LeadDetails(name=name, email=f"p{number}@example.com")
    capture = a_capture(project, captured_at=clock.now(), details=details)
    return a_held_call(
        project, code=code, at=clock.now(), request_id=capture.request_id, capture=capture
    )


async def came_in(writer: LeadWriter, project: Project, clock: StillClock, number: int) -> None:
    """The person with this number tried again, a second later, and got through."""
    capture = a_capture(project, details=LeadDetails(email=f"P{number}@Example.com"))
    await writer.write(replace(capture, captured_at=clock.now() + timedelta(seconds=1)))


async def test_leads_are_read_once_for_all_pages_of_what_is_held(
    container: Container,
    writer: LeadWriter,
    project: Project,
    clock: StillClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(arrivals, "PAGE", 2)
    monkeypatch.setattr(arrivals, "HELD_PAGE", 2)
    calls = [held_from(project, clock, number) for number in range(5)]
    await container.held_ledger().hold(calls)
    for number in range(7):
        await came_in(writer, project, clock, number)
    leads = CountingArchive(container.archive())

    arrived = await Arrivals(leads, container.held_archive()).among(  # type: ignore[arg-type]
        HeldQuery(project_id=project.project_id)
    )
    found = [await arrived.of([call]) for call in calls]

    assert found == [{call.held_id: number + 1} for number, call in enumerate(calls)]
    assert leads.read == 7


async def test_who_comes_in_while_one_looks_is_found_by_the_next_look(
    container: Container, writer: LeadWriter, project: Project, clock: StillClock
) -> None:
    call = held_from(project, clock, 1)
    arrived = container.arrivals().follow(project.project_id)
    assert await arrived.of([call]) == {}

    await came_in(writer, project, clock, 1)

    assert await arrived.of([call]) == {call.held_id: 1}


@pytest.mark.parametrize(
    ("most", "found", "is_whole"), [(3, True, True), (2, True, False), (1, False, False)]
)
async def test_at_a_glance_only_the_newest_leads_tell_and_it_is_said_if_there_are_more(
    container: Container,
    writer: LeadWriter,
    project: Project,
    clock: StillClock,
    monkeypatch: pytest.MonkeyPatch,
    most: int,
    found: bool,
    is_whole: bool,
) -> None:
    monkeypatch.setattr(arrivals, "MOST_AT_A_GLANCE", most)
    old = a_capture(project, captured_at=clock.now() - timedelta(days=1))
    await writer.write(old)
    call = held_from(project, clock, 1)
    for number in (1, 2):
        await came_in(writer, project, clock, number)
    leads = CountingArchive(container.archive())

    arrived = Arrivals(leads, container.held_archive()).follow(project.project_id)  # type: ignore[arg-type]
    glance = await arrived.among_the_newest([call])

    assert glance.arrived == ({call.held_id: 2} if found else {})
    assert glance.is_whole is is_whole
    assert leads.read == most


async def test_one_that_is_asked_for_later_is_found_among_leads_that_were_read_before(
    container: Container, writer: LeadWriter, project: Project, clock: StillClock
) -> None:
    calls = [held_from(project, clock, number) for number in (1, 2)]
    arrived = container.arrivals().follow(project.project_id)
    await came_in(writer, project, clock, 2)
    assert await arrived.of(calls[:1]) == {}

    assert await arrived.of(calls[1:]) == {calls[1].held_id: 1}


async def test_a_page_of_people_who_came_in_keeps_nobody_behind_it_from_a_place(
    container: Container,
    writer: LeadWriter,
    project: Project,
    clock: StillClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(release_for_plan, "PAGE", 2)
    await change(container, project, release_held_calls=True)
    calls = [held_from(project, clock, number, PLAN_LIMIT_REACHED) for number in range(3)]
    await container.held_ledger().hold(calls)
    for number in range(2):
        await came_in(writer, project, clock, number)

    await container.release_for_plan()(project.project_id)

    emails = [lead.details.email for lead in await leads_of(container, project)]
    assert emails == ["P0@Example.com", "P1@Example.com", "p2@example.com"]


async def test_leads_are_read_once_for_the_oldest_call_and_all_that_follow_it(
    container: Container, writer: LeadWriter, project: Project, clock: StillClock
) -> None:
    await change(container, project, release_held_calls=True)
    calls = [held_from(project, clock, number, PLAN_LIMIT_REACHED) for number in range(3)]
    await container.held_ledger().hold(calls)
    for number in range(2):
        await came_in(writer, project, clock, number)
    leads = CountingArchive(container.archive())
    container.arrivals.override(Arrivals(leads, container.held_archive()))  # type: ignore[arg-type]

    await container.release_for_plan()(project.project_id)

    assert len(await leads_of(container, project)) == 3
    assert leads.read == 3  # who came in, and the one that was released


async def test_a_lead_of_the_same_moment_is_the_call_itself_and_no_arrival(
    container: Container, writer: LeadWriter, project: Project, clock: StillClock
) -> None:
    call = held_from(project, clock, 1)
    assert call.capture is not None
    await writer.write(call.capture)  # and a kill before the held call was removed

    assert await container.arrivals().follow(project.project_id).of([call]) == {}


@pytest.mark.parametrize("database_url", [SQLITE, "mongodb"], indirect=True)
async def test_of_one_person_who_is_two_calls_a_kill_leaves_neither_as_arrived(
    container: Container, writer: LeadWriter, project: Project, clock: StillClock
) -> None:
    for name in ("Ada", "Ada Lovelace"):
        call = held_from(project, clock, 1, name=name)
        await container.held_ledger().hold([call])
        await writer.write(to_capture(call))  # and a kill before it was removed
        clock.advance(60)

    count = await container.release_by_hand()(HeldQuery(project_id=project.project_id))

    assert count == ReleaseCount(released=2)
    names = [lead.details.name for lead in await leads_of(container, project)]
    assert names == ["Ada", "Ada Lovelace"]


@pytest.mark.parametrize("database_url", [SQLITE, "mongodb"], indirect=True)
async def test_who_is_refused_again_after_coming_in_has_not_arrived(
    container: Container, writer: LeadWriter, project: Project, clock: StillClock
) -> None:
    call = held_from(project, clock, 1, PLAN_LIMIT_REACHED)
    await container.held_ledger().hold([call])
    await came_in(writer, project, clock, 1)
    clock.advance(3600)
    again = replace(call, held_id="held_again", at=clock.now())
    await container.held_ledger().hold_or_count([again])
    await change(container, project, release_held_calls=True)

    await container.release_for_plan()(project.project_id)

    assert len(await leads_of(container, project)) == 2


async def test_where_everybody_has_come_in_that_is_not_looked_for_every_second(
    container: Container, writer: LeadWriter, project: Project, clock: StillClock
) -> None:
    await change(container, project, release_held_calls=True)
    await container.held_ledger().hold([held_from(project, clock, 1, PLAN_LIMIT_REACHED)])
    await came_in(writer, project, clock, 1)
    leads = CountingArchive(container.archive())
    container.arrivals.override(Arrivals(leads, container.held_archive()))  # type: ignore[arg-type]
    release = container.release_for_plan()
    await release(project.project_id)
    read = leads.read

    await release(project.project_id)
    assert (read, leads.read) == (1, 1)

    clock.advance(release_for_plan.LOOK_AT_ALL_EVERY_SECONDS)
    await release(project.project_id)
    assert leads.read == 2
