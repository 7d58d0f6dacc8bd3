import pytest

from application.ports.project_register import ProjectRegister
from application.projects.find import FindProject
from domain.errors import Advice, AdviceCode, NotFound
from domain.project import Project
from entrypoints.container import Container
from tests.support.builders import a_project


@pytest.fixture
def find(container: Container) -> FindProject:
    return container.find_project()


async def made(container: Container, name: str) -> Project:
    return (await container.create_project()(name)).project


async def test_a_project_is_found_by_its_id_and_by_its_name(
    find: FindProject, project: Project, other: Project
) -> None:
    assert [await find(project.project_id), await find(project.name)] == [project, project]
    assert await find(other.name) == other


@pytest.mark.parametrize("typed", ["SHOP", " shop", "sHop\n"])
async def test_a_name_is_found_without_case_and_blanks_around_it(
    find: FindProject, container: Container, project: Project, typed: str
) -> None:
    shop = await made(container, "Shop")

    assert await find(typed) == shop


async def test_of_names_that_differ_in_case_alone_the_exact_one_is_found_and_else_none(
    find: FindProject, container: Container, projects: ProjectRegister
) -> None:
    lower, upper = a_project(name="shop"), a_project(name="SHOP")
    for project in (lower, upper):  # as older programs, or two at one moment, may have made them
        await projects.add(project)

    assert [await find("shop"), await find("SHOP")] == [lower, upper]
    with pytest.raises(NotFound, match="'SHOP', 'shop' differ in case alone"):
        await find("Shop")


async def test_who_mistypes_a_name_is_asked_for_the_alike_one(
    find: FindProject, container: Container
) -> None:
    await made(container, "Acme Ltd")

    with pytest.raises(NotFound, match=r"no project 'acme ldt'\. Did you mean 'Acme Ltd'\?"):
        await find("acme ldt")


@pytest.mark.parametrize("wanted", ["", "nobody", "prj_", "%", "*", "' OR 1=1 --"])
async def test_a_project_that_does_not_exist_is_not_found(
    find: FindProject, project: Project, wanted: str
) -> None:
    with pytest.raises(NotFound) as caught:
        await find(wanted)

    assert caught.value.advice == (Advice(AdviceCode.LIST_PROJECTS),)


async def test_a_part_of_a_name_is_no_name(find: FindProject, project: Project) -> None:
    with pytest.raises(NotFound):
        await find(project.name[:-1])
