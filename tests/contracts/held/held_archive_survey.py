"""Whose calls are held, where they came from, and which projects hold any."""

from typing import Any

from application.ports.held_archive import HeldArchive
from application.ports.held_ledger import HeldLedger
from application.ports.project_register import ProjectRegister
from domain.held import NUMBER_NOT_LISTED, PLAN_LIMIT_REACHED, UNREADABLE, HeldCall
from domain.identity import Identity
from domain.project import Project
from tests.contracts.held.holding import TwoProjects
from tests.support.builders import a_capture, a_held_call, a_phone, a_project


class SurveyContract(TwoProjects):
    async def test_origins_are_counted_for_one_channel_and_code_of_the_project(
        self,
        held_ledger: HeldLedger,
        held_archive: HeldArchive,
        project: Project,
        other_project: Project,
    ) -> None:
        here = {"channel": "whatsapp", "code": NUMBER_NOT_LISTED}
        mine = [a_held_call(project, origin=origin, **here) for origin in ("1", "$a.b", "1", None)]
        others = [
            a_held_call(project, origin="2", **here | {"channel": "rest"}),
            a_held_call(project, origin="3", **here | {"code": UNREADABLE}),
            a_held_call(other_project, origin="4", **here),
        ]
        await held_ledger.hold([*mine, *others])

        found = await held_archive.origins(project.project_id, "whatsapp", NUMBER_NOT_LISTED)

        assert found == {"1": 2, "$a.b": 1}

    async def test_the_persons_are_those_of_one_channel_and_code_of_the_project(
        self,
        held_ledger: HeldLedger,
        held_archive: HeldArchive,
        project: Project,
        other_project: Project,
    ) -> None:
        one, two, odd = a_phone("1"), Identity("user", "2"), Identity("user", '"$ü\\')

        def held_of(which: Project, *identities: Identity, **fields: Any) -> HeldCall:
            capture = a_capture(which, channel="whatsapp", identities=identities)
            return a_held_call(which, channel="whatsapp", capture=capture, **fields)

        mine = [held_of(project, one, two), held_of(project, one), held_of(project, odd)]
        others = [
            held_of(project, Identity("user", "3"), code=UNREADABLE),
            held_of(other_project, Identity("user", "4")),
            a_held_call(project, capture=a_capture(project, identities=(a_phone("5"),))),
            a_held_call(project, channel="whatsapp", capture=None),
            held_of(project),
        ]
        await held_ledger.hold([*mine, *others])

        found = await held_archive.persons(project.project_id, "whatsapp", PLAN_LIMIT_REACHED)

        assert found == {one, two, odd}

    async def test_the_projects_that_hold_something_are_named_once_and_in_order(
        self, held_ledger: HeldLedger, held_archive: HeldArchive, projects: ProjectRegister
    ) -> None:
        five = [a_project() for _ in range(5)]
        for project in five:
            await projects.add(project)
        await held_ledger.hold([a_held_call(project) for project in five[:4] for _ in range(3)])
        await held_ledger.hold([a_held_call(five[4], code=UNREADABLE)])

        assert await held_archive.projects(PLAN_LIMIT_REACHED) == sorted(
            project.project_id for project in five[:4]
        )
        assert await held_archive.projects(UNREADABLE) == [five[4].project_id]
        assert await held_archive.projects(NUMBER_NOT_LISTED) == []

    async def test_a_project_is_named_for_as_long_as_it_holds_something(
        self, held_ledger: HeldLedger, held_archive: HeldArchive, project: Project
    ) -> None:
        one, other = a_held_call(project), a_held_call(project)
        await held_ledger.hold([one, other])

        await held_ledger.remove(project.project_id, [one.held_id])
        assert await held_archive.projects(one.code) == [project.project_id]
        await held_ledger.move(project.project_id, [other.held_id], UNREADABLE)

        assert await held_archive.projects(one.code) == []
        assert await held_archive.projects(UNREADABLE) == [project.project_id]
