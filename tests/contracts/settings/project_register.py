"""
What every `ProjectRegister` does.

Subclass and provide `projects` and, over the same store as another process would have it,
`other_projects`.
"""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from application.ports.project_register import ProjectRegister
from domain.errors import Advice, AdviceCode, NameTaken, NotFound
from domain.project import InvalidProject, Project, new_project_id
from tests.support.builders import NOW, a_project

DOMAINS = (
    "example.com",
    "*.example.org",
    "https://example.net:8443",
    "http://*.xn--bcher-kva.example",
    "[2001:db8::1]:8080",
    "localhost",
)


def with_one_more(project: Project) -> Project:
    return replace(project, monthly_limit=(project.monthly_limit or 0) + 1)


class ProjectRegisterContract:
    async def test_a_project_comes_back_as_it_was_added(self, projects: ProjectRegister) -> None:
        plain = a_project()
        full = a_project(*DOMAINS, name="Zoë's 🙂 $where", monthly_limit=0, require_origin=True)
        largest = a_project(monthly_limit=2**53, release_held_each_month=True, lenient=True)
        releasing = a_project(release_held_calls=True)

        for project in (plain, full, largest, releasing):
            await projects.add(project)

            assert await projects.find(project.project_id) == project
            assert await projects.find(project.name) == project

    async def test_an_unknown_project_is_none(self, projects: ProjectRegister) -> None:
        await projects.add(a_project(name="Acme"))

        for text in ("", "acme", "Acme ", "prj_", "%", "$where", "' OR 1=1 --", "nul\0"):
            assert await projects.find(text) is None

    async def test_several_projects_are_found_in_the_order_of_their_ids(
        self, projects: ProjectRegister
    ) -> None:
        first, second = a_project(*DOMAINS, name="Acme"), a_project(lenient=True)
        for project in (first, second, a_project()):
            await projects.add(project)
        nobodys = [new_project_id() for _ in range(96)]

        found = await projects.find_many(
            [second.project_id, *nobodys, "Acme", first.project_id, second.project_id]
        )

        assert found == [second, *[None] * 97, first, second]
        assert await projects.find_many([]) == []

    async def test_a_name_or_an_id_is_taken_once(self, projects: ProjectRegister) -> None:
        first = a_project(name="Acme")
        await projects.add(first)

        for second in (a_project(name="Acme"), a_project(project_id=first.project_id)):
            with pytest.raises(NameTaken) as caught:
                await projects.add(second)
            assert caught.value.advice == (Advice(AdviceCode.MAKE_ANOTHER_KEY),)

        assert await projects.all() == [first]

    async def test_of_concurrent_projects_of_one_name_one_is_kept(
        self, projects: ProjectRegister, other_projects: ProjectRegister
    ) -> None:
        added = await asyncio.gather(
            *(
                register.add(a_project(name="Acme"))
                for _ in range(5)
                for register in (projects, other_projects)
            ),
            return_exceptions=True,
        )

        assert added.count(None) == 1
        assert sum(isinstance(one, NameTaken) for one in added) == 9
        assert len(await projects.all()) == 1

    async def test_all_projects_are_listed_oldest_first(self, projects: ProjectRegister) -> None:
        ages = (2, 3, 1)
        by_age = {age: a_project(created_at=NOW - timedelta(days=age)) for age in ages}
        for project in by_age.values():
            await projects.add(project)

        assert await projects.all() == [by_age[3], by_age[2], by_age[1]]

    async def test_an_empty_register_has_no_projects(self, projects: ProjectRegister) -> None:
        assert await projects.all() == []

    async def test_a_change_is_returned_and_kept_and_seen_by_others(
        self, projects: ProjectRegister, other_projects: ProjectRegister
    ) -> None:
        project, bystander = a_project("example.com"), a_project()
        await projects.add(project)
        await projects.add(bystander)
        wanted = replace(
            project,
            domains=(),
            monthly_limit=7,
            require_origin=True,
            release_held_each_month=True,
        )

        changed = await projects.change(project.project_id, lambda _: wanted)

        assert changed == wanted
        assert await other_projects.find(project.project_id) == wanted
        assert await other_projects.find(bystander.project_id) == bystander

    async def test_what_change_returns_is_what_is_kept(self, projects: ProjectRegister) -> None:
        project = a_project(name="Acme")
        await projects.add(project)

        changed = await projects.change(
            project.project_id, lambda before: replace(before, name="Emca")
        )

        assert await projects.find(project.project_id) == changed

    async def test_a_project_that_does_not_exist_cannot_be_changed(
        self, projects: ProjectRegister
    ) -> None:
        await projects.add(a_project(name="Acme"))

        for text in ("prj_none", "Acme", ""):
            with pytest.raises(NotFound):
                await projects.change(text, with_one_more)

    async def test_a_change_that_fails_changes_nothing(self, projects: ProjectRegister) -> None:
        project = a_project(monthly_limit=3)
        await projects.add(project)

        with pytest.raises(InvalidProject):
            await projects.change(project.project_id, lambda p: replace(p, monthly_limit=-1))

        assert await projects.find(project.project_id) == project

    async def test_of_concurrent_changes_none_is_lost(
        self, projects: ProjectRegister, other_projects: ProjectRegister
    ) -> None:
        project = a_project(monthly_limit=0)
        await projects.add(project)

        await asyncio.gather(
            *(
                register.change(project.project_id, with_one_more)
                for _ in range(10)
                for register in (projects, other_projects)
            )
        )

        found = await projects.find(project.project_id)
        assert found is not None
        assert found.monthly_limit == 20
