import pytest

from application.projects.find import FindProject
from domain.errors import Advice, AdviceCode, NotFound
from domain.project import Project
from entrypoints.container import Container


@pytest.fixture
def find(container: Container) -> FindProject:
    return container.find_project()


async def test_a_project_is_found_by_its_id_and_by_its_name(
    find: FindProject, project: Project, other: Project
) -> None:
    assert [await find(project.project_id), await find(project.name)] == [project, project]
    assert await find(other.name) == other


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
