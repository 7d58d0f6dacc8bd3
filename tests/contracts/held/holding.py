"""What the tests of held calls say again and again."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from application.ports.held_archive import HeldArchive
from application.ports.project_register import ProjectRegister
from domain.held import HeldCall, HeldQuery
from domain.project import Project
from tests.support.builders import a_project

MORE_THAN_ANY_TEST_HOLDS = 10_000


class TwoProjects:
    """Fixtures of a contract: two projects that hold nothing."""

    @pytest.fixture
    async def project(self, projects: ProjectRegister) -> Project:
        project = a_project()
        await projects.add(project)
        return project

    @pytest.fixture
    async def other_project(self, projects: ProjectRegister) -> Project:
        project = a_project()
        await projects.add(project)
        return project


async def held_by(archive: HeldArchive, project: Project, **query: Any) -> Sequence[HeldCall]:
    """All that the project holds, or what *query* names of it, oldest first."""
    wanted = HeldQuery(project_id=project.project_id, **query)
    return list(await archive.page(wanted, after=None, limit=MORE_THAN_ANY_TEST_HOLDS))


def with_code(call: HeldCall, code: str) -> HeldCall:
    return replace(call, code=code)
