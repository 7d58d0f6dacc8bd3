"""With which settings a writer writes: none is older than two seconds."""

import asyncio
from dataclasses import replace

from application.capture.lead_writer import LeadWriter
from application.ports.project_register import ProjectRegister
from application.process.settings_cache import SettingsCache
from domain.capture import Kept, KeptAs, NotKept, NotKeptBecause
from domain.errors import StorageUnavailable
from domain.project import Project
from domain.refusals import InvalidApiKey
from entrypoints.container import Container
from tests.application.capture.writers import StartWriter, held, queued
from tests.application.fakes import WatchedLedger
from tests.application.in_force import change
from tests.support.builders import a_capture, a_project
from tests.support.clocks import StillClock


class GatedProjects:
    """A register of which some projects are found only when their gate opens."""

    def __init__(self, *projects: Project) -> None:
        self.projects = {project.project_id: project for project in projects}
        self.gates: dict[str, asyncio.Event] = {}
        self.asked = asyncio.Event()

    def hold(self, project: Project) -> asyncio.Event:
        self.asked.clear()
        return self.gates.setdefault(project.project_id, asyncio.Event())

    async def find(self, project_id: str) -> Project | None:
        if gate := self.gates.get(project_id):
            self.asked.set()
            await gate.wait()
        return self.projects.get(project_id)


async def test_a_limit_that_was_changed_two_seconds_ago_is_in_force(
    writer: LeadWriter, ledger: WatchedLedger, container: Container, project: Project
) -> None:
    await writer.write(a_capture(project))
    await change(container, project, monthly_limit=1)

    outcome = await writer.write(a_capture(project))

    assert outcome == NotKept(NotKeptBecause.PLAN_FULL)
    assert [batch.limits for batch in ledger.batches] == [
        {project.project_id: None},
        {project.project_id: 1},
    ]


async def test_settings_are_judged_when_the_batch_is_formed_not_when_the_call_came(
    writer: LeadWriter,
    ledger: WatchedLedger,
    projects: ProjectRegister,
    clock: StillClock,
    project: Project,
) -> None:
    busy = await held(ledger, writer, a_capture(project))
    clock.advance(1.0)
    (call,) = await queued(writer, a_capture(project))
    await projects.change(project.project_id, lambda old: replace(old, monthly_limit=0))
    clock.advance(1.0)

    ledger.gate.set()
    await busy

    assert await call == NotKept(NotKeptBecause.PLAN_FULL)


async def test_settings_that_went_stale_while_others_were_read_are_read_again(
    container: Container,
    start_writer: StartWriter,
    ledger: WatchedLedger,
    clock: StillClock,
    project: Project,
    other: Project,
) -> None:
    known, new = project, other
    register = GatedProjects(known, new)
    container.project_cache.override(SettingsCache.one_by_one(register.find, clock))
    writer = start_writer()
    busy = await held(ledger, writer, a_capture(known))
    clock.advance(0.5)
    calls = await queued(writer, a_capture(known), a_capture(new))
    gate = register.hold(new)
    clock.advance(0.4)
    ledger.gate.set()
    await register.asked.wait()

    register.projects[known.project_id] = replace(known, monthly_limit=0)
    clock.advance(1.1)
    gate.set()
    outcomes = await asyncio.gather(busy, *calls)

    assert outcomes == [Kept(1, KeptAs.NEW), NotKept(NotKeptBecause.PLAN_FULL), Kept(1, KeptAs.NEW)]


async def test_what_goes_past_its_deadline_while_settings_are_read_is_not_written(
    container: Container,
    start_writer: StartWriter,
    ledger: WatchedLedger,
    clock: StillClock,
    project: Project,
    other: Project,
) -> None:
    known, new = project, other
    register = GatedProjects(known, new)
    container.project_cache.override(SettingsCache.one_by_one(register.find, clock))
    writer = start_writer()
    late = a_capture(new)
    busy = await held(ledger, writer, a_capture(known))
    (call,) = await queued(writer, late)
    gate = register.hold(new)
    clock.advance(1.5)
    ledger.gate.set()
    await register.asked.wait()

    clock.advance(1.0)
    gate.set()
    ended = await asyncio.gather(busy, call, return_exceptions=True)

    assert isinstance(ended[1], StorageUnavailable)
    assert [late.capture_id] not in ledger.given


async def test_a_project_that_does_not_exist_is_refused_and_its_neighbours_are_not(
    writer: LeadWriter, ledger: WatchedLedger, project: Project
) -> None:
    nobodys = a_capture(a_project())
    busy = await held(ledger, writer, a_capture(project))
    calls = await queued(writer, nobodys, a_capture(project))

    ledger.gate.set()
    ended = await asyncio.gather(busy, *calls, return_exceptions=True)

    assert isinstance(ended[1], InvalidApiKey)
    assert ended[2] == Kept(2, KeptAs.NEW)
    assert all(nobodys.capture_id not in batch for batch in ledger.given)


async def test_settings_that_cannot_be_read_fail_the_captures_of_their_project_alone(
    container: Container,
    start_writer: StartWriter,
    ledger: WatchedLedger,
    clock: StillClock,
    project: Project,
) -> None:
    known, unreadable = project, a_project()

    asked: list[str] = []

    async def find(project_id: str) -> Project | None:
        asked.append(project_id)
        if project_id == unreadable.project_id:
            raise StorageUnavailable("down")
        return known

    container.project_cache.override(SettingsCache.one_by_one(find, clock))
    writer = start_writer()
    busy = await held(ledger, writer, a_capture(known))
    calls = await queued(writer, a_capture(unreadable), a_capture(known))

    ledger.gate.set()
    ended = await asyncio.gather(busy, *calls, return_exceptions=True)

    assert isinstance(ended[1], StorageUnavailable)
    assert ended[2] == Kept(2, KeptAs.NEW)
    assert asked.count(unreadable.project_id) == 1
