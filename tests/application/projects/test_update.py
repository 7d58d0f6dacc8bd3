import pytest

from application.ports.project_register import ProjectRegister
from application.projects.update import ProjectChange, UpdateProject
from domain.allowlist import InvalidDomain
from domain.errors import NameTaken, NotFound
from domain.project import InvalidProject, Project
from entrypoints.container import Container
from tests.support.builders import a_project


@pytest.fixture
async def shop(projects: ProjectRegister) -> Project:
    shop = a_project("example.com", "*.example.com", monthly_limit=5, require_origin=True)
    await projects.add(shop)
    return shop


@pytest.fixture
def update(container: Container) -> UpdateProject:
    return container.update_project()


def domains_of(project: Project) -> list[str]:
    return [str(domain) for domain in project.domains]


async def test_what_is_not_named_stays_as_it_is(
    update: UpdateProject, projects: ProjectRegister, shop: Project
) -> None:
    assert await update(shop.project_id, ProjectChange()) == shop
    assert await projects.find(shop.project_id) == shop


@pytest.mark.parametrize("limit", [0, 7, None])
async def test_a_limit_can_be_changed_and_taken_away(
    update: UpdateProject, projects: ProjectRegister, shop: Project, limit: int | None
) -> None:
    updated = await update(shop.project_id, ProjectChange(monthly_limit=limit))

    assert updated.monthly_limit == limit
    assert (updated.domains, updated.require_origin) == (shop.domains, True)
    assert await projects.find(shop.project_id) == updated


async def test_a_new_name_is_kept_without_the_blanks_around_it(
    update: UpdateProject, projects: ProjectRegister, shop: Project
) -> None:
    updated = await update(shop.project_id, ProjectChange(name=" New shop "))

    assert (updated.name, updated.monthly_limit) == ("New shop", 5)
    assert await projects.find("New shop") == updated


async def test_a_project_may_write_its_own_name_otherwise(
    update: UpdateProject, projects: ProjectRegister
) -> None:
    await projects.add(shop := a_project(name="Shop"))

    for name in ("SHOP", "SHOP"):
        assert (await update(shop.project_id, ProjectChange(name=name))).name == "SHOP"


@pytest.mark.parametrize("name", ["Shop", " shop ", "SHOP"])
async def test_a_name_that_means_another_project_is_taken(
    update: UpdateProject, projects: ProjectRegister, shop: Project, name: str
) -> None:
    await projects.add(a_project(name="Shop"))

    with pytest.raises(NameTaken) as refused:
        await update(shop.project_id, ProjectChange(name=name))
    assert refused.value.advice == ()  # another key would not give it the name
    assert await projects.find(shop.project_id) == shop


async def test_an_origin_can_be_required_no_longer(update: UpdateProject, shop: Project) -> None:
    updated = await update(shop.project_id, ProjectChange(require_origin=False))

    assert (updated.require_origin, updated.monthly_limit) == (False, 5)


async def test_domains_are_added_canonical_and_once(update: UpdateProject, shop: Project) -> None:
    added = ["Bücher.de", "EXAMPLE.com.", "xn--bcher-kva.de"]
    updated = await update(shop.project_id, ProjectChange(add_domains=added))

    assert domains_of(updated) == ["example.com", "*.example.com", "xn--bcher-kva.de"]


async def test_domains_are_removed_however_they_are_written(
    update: UpdateProject, shop: Project
) -> None:
    updated = await update(shop.project_id, ProjectChange(remove_domains=["*.Example.COM."]))

    assert domains_of(updated) == ["example.com"]


async def test_one_domain_is_replaced_by_another_in_one_change(
    update: UpdateProject, shop: Project
) -> None:
    change = ProjectChange(add_domains=["https://example.com"], remove_domains=["example.com"])
    updated = await update(shop.project_id, change)

    assert domains_of(updated) == ["*.example.com", "https://example.com"]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (ProjectChange(monthly_limit=-1), InvalidProject),
        (ProjectChange(monthly_limit=9, name=""), InvalidProject),
        (ProjectChange(monthly_limit=9, name="prj_1"), InvalidProject),
        (ProjectChange(monthly_limit=9, name="Sh\u202eop"), InvalidProject),
        (ProjectChange(name="New", add_domains=["new.com", "com"]), InvalidDomain),
        (ProjectChange(monthly_limit=9, add_domains=["com"]), InvalidDomain),
        (ProjectChange(monthly_limit=9, remove_domains=["other.com"]), InvalidDomain),
        (ProjectChange(monthly_limit=9, remove_domains=["https://example.com"]), InvalidDomain),
        (ProjectChange(add_domains=["new.com"], remove_domains=["new.com"]), InvalidDomain),
    ],
)
async def test_nothing_is_changed_when_a_part_of_it_cannot_be(
    update: UpdateProject,
    projects: ProjectRegister,
    shop: Project,
    change: ProjectChange,
    error: type[Exception],
) -> None:
    with pytest.raises(error):
        await update(shop.project_id, change)
    assert await projects.find(shop.project_id) == shop


async def test_all_that_a_project_cannot_be_is_said_at_once_and_nothing_is_changed(
    update: UpdateProject, projects: ProjectRegister, shop: Project
) -> None:
    wrong = ProjectChange(name="", add_domains=["com"], monthly_limit=-1)
    good = ProjectChange(name="Other", add_domains=["a.example"], remove_domains=["example.com"])

    assert list(await update.refusals(shop, wrong)) == ["name", "domains", "monthly_limit"]
    assert await update.refusals(shop, good) == {}
    assert await projects.find(shop.project_id) == shop


async def test_a_project_that_does_not_exist_is_not_changed(update: UpdateProject) -> None:
    with pytest.raises(NotFound):
        await update("prj_0", ProjectChange(monthly_limit=1))
