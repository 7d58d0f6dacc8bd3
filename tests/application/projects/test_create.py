import pytest

from application.keys.authenticate import AuthenticateKey
from application.ports.project_register import ProjectRegister
from application.projects.create import CreateProject
from domain.allowlist import InvalidDomain
from domain.errors import NameTaken
from domain.project import InvalidProject
from entrypoints.container import Container
from tests.support.builders import a_project
from tests.support.clocks import StillClock


@pytest.fixture
def create(container: Container) -> CreateProject:
    return container.create_project()


async def test_a_new_project_is_kept_as_it_was_asked_for(
    create: CreateProject, projects: ProjectRegister, clock: StillClock
) -> None:
    made = await create(
        " Shop ", domains=["example.com", "*.example.com"], monthly_limit=5, require_origin=True
    )

    assert await projects.find(made.project.project_id) == made.project
    assert made.project.name == "Shop"
    assert [str(domain) for domain in made.project.domains] == ["example.com", "*.example.com"]
    assert made.project.monthly_limit == 5
    assert made.project.require_origin
    assert made.project.created_at == clock.now()


async def test_a_new_project_has_no_limit_and_no_allowlist_until_given(
    create: CreateProject,
) -> None:
    project = (await create("Shop")).project

    assert (project.monthly_limit, project.domains, project.require_origin) == (None, (), False)


async def test_the_first_key_opens_the_new_project(
    create: CreateProject, authenticate: AuthenticateKey
) -> None:
    made = await create("Shop", key_label="web site")

    assert await authenticate(made.key.secret) == made.project
    assert made.key.kept.label == "web site"


async def test_domains_are_kept_canonical_and_once(create: CreateProject) -> None:
    domains = ["Example.com.", "example.com", "https://example.com:443", "bücher.de"]
    made = await create("Shop", domains=domains)

    expected = ["example.com", "https://example.com", "xn--bcher-kva.de"]
    assert [str(domain) for domain in made.project.domains] == expected


async def test_two_projects_cannot_have_one_name(
    create: CreateProject, projects: ProjectRegister
) -> None:
    first = await create("Shop")

    for alike in ("Shop ", "shop", " SHOP"):
        with pytest.raises(NameTaken):
            await create(alike)
    assert await projects.all() == [first.project]


@pytest.mark.parametrize(
    ("name", "fields", "error"),
    [
        ("", {}, InvalidProject),
        ("  ", {}, InvalidProject),
        ("prj_1", {}, InvalidProject),
        ("Sh\u202eop", {}, InvalidProject),
        ("Shop", {"monthly_limit": -1}, InvalidProject),
        ("Shop", {"domains": ["example.com", "com"]}, InvalidDomain),
        ("Shop", {"domains": [""]}, InvalidDomain),
    ],
)
async def test_a_project_that_cannot_be_like_this_is_not_made(
    create: CreateProject,
    projects: ProjectRegister,
    name: str,
    fields: dict,
    error: type[Exception],
) -> None:
    with pytest.raises(error):
        await create(name, **fields)
    assert await projects.all() == []


async def test_a_project_that_has_such_a_name_from_before_is_there_as_it_was(
    container: Container, projects: ProjectRegister
) -> None:
    old = a_project(name="Sh\u202eop")
    await projects.add(old)

    assert await container.find_project()("Sh\u202eop") == old
