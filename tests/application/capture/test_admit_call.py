import pytest

from application.capture.admit_call import AdmitCall
from application.keys.create import CreateKey
from application.ports.project_register import ProjectRegister
from domain.api_key import new_key
from domain.project import Project
from domain.refusals import DomainNotAllowed, InvalidApiKey, RateLimited
from entrypoints.container import Container
from entrypoints.process.settings import Rate
from tests.application.in_force import set_to
from tests.support.builders import a_project
from tests.support.clocks import StillClock

CLIENT = "203.0.113.7"


async def let_in(
    admit: AdmitCall, key: str | None, origin: str | None = None, referer: str | None = None
) -> Project:
    """The project that a call with these headers may send leads to."""
    admitted = await admit(key, CLIENT)
    admitted.refuse_other_pages(origin=origin, referer=referer)
    return admitted.project


@pytest.fixture
async def guarded(projects: ProjectRegister) -> Project:
    """A project that pages of example.com may send leads to."""
    project = a_project("example.com")
    await projects.add(project)
    return project


@pytest.fixture
async def key(create_key: CreateKey, guarded: Project) -> str:
    return (await create_key(guarded.project_id)).secret


@pytest.fixture
def admit(container: Container) -> AdmitCall:
    return container.admit_call()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "https://example.com"},
        {"referer": "https://www.example.com/page?x"},
        {"origin": "https://example.com", "referer": "https://evil.com/"},
    ],
)
async def test_a_call_from_an_allowed_page_or_a_server_comes_in(
    admit: AdmitCall, guarded: Project, key: str, headers: dict[str, str]
) -> None:
    assert await let_in(admit, key, **headers) == guarded


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.com"},
        {"origin": "null"},
        {"origin": "\0"},
        {"origin": "https://evil.com", "referer": "https://example.com/"},
        {"origin": "", "referer": "https://evil.com/"},
        {"referer": "\udcff"},
    ],
)
async def test_a_call_from_another_page_is_refused(
    admit: AdmitCall, key: str, headers: dict[str, str]
) -> None:
    with pytest.raises(DomainNotAllowed):
        await let_in(admit, key, **headers)


async def test_the_refusal_of_a_page_names_the_page_that_was_judged(
    admit: AdmitCall, key: str, page_key: str
) -> None:
    named = []
    for each in (key, page_key):
        with pytest.raises(DomainNotAllowed) as refused:
            await let_in(admit, each, origin="", referer="https://evil.com/ada")
        named.append(refused.value.origin)

    assert named == ["evil.com", "evil.com"]


OURS = {"referer": "https://leads.example.net/api/public/lead", "referer_is_ours": True}


async def test_our_own_address_as_referer_is_as_if_absent(
    admit: AdmitCall, projects: ProjectRegister, create_key: CreateKey, key: str, page_key: str
) -> None:
    strict = a_project("example.com", require_origin=True)
    await projects.add(strict)
    strict_key = (await create_key(strict.project_id)).secret

    (await admit(key, CLIENT)).refuse_other_pages(origin=None, **OURS)
    for each, origin in ((strict_key, None), (page_key, None), (key, "https://evil.com")):
        with pytest.raises(DomainNotAllowed):
            (await admit(each, CLIENT)).refuse_other_pages(origin=origin, **OURS)


async def test_our_own_address_as_referer_counts_where_it_is_listed(
    admit: AdmitCall, projects: ProjectRegister, create_key: CreateKey
) -> None:
    ours = a_project("leads.example.net", require_origin=True)
    await projects.add(ours)
    key = (await create_key(ours.project_id)).secret

    (await admit(key, CLIENT)).refuse_other_pages(origin=None, **OURS)


@pytest.mark.parametrize("key", [None, "garbage", new_key()], ids=lambda _: "key")
async def test_the_key_is_judged_before_the_domain(admit: AdmitCall, key: str | None) -> None:
    with pytest.raises(InvalidApiKey):
        await let_in(admit, key, origin="https://evil.com")


async def test_a_channels_key_does_not_open_the_lead_path(
    admit: AdmitCall, create_key: CreateKey, guarded: Project
) -> None:
    key = await create_key(guarded.project_id, channel="whatsapp")

    with pytest.raises(InvalidApiKey):
        await let_in(admit, key.secret)


async def test_a_runaway_client_is_told_when_to_come_again(
    container: Container, clock: StillClock, guarded: Project, key: str
) -> None:
    set_to(container, rate_limit=Rate(2, 60))
    admit = container.admit_call()
    await let_in(admit, key)
    await let_in(admit, key)
    clock.advance(15)

    with pytest.raises(RateLimited) as refused:
        await let_in(admit, key)
    assert refused.value.retry_after_seconds == 45
    clock.advance(45)
    assert await let_in(admit, key) == guarded


async def test_the_rate_is_counted_per_client_and_project(
    container: Container, create_key: CreateKey, project: Project, guarded: Project, key: str
) -> None:
    set_to(container, rate_limit=Rate(1, 60))
    admit = container.admit_call()
    others = (await create_key(project.project_id)).secret
    second = (await create_key(guarded.project_id)).secret
    await let_in(admit, key)

    assert (await admit(key, "203.0.113.8")).project == guarded
    assert await let_in(admit, others) == project
    with pytest.raises(RateLimited):
        await let_in(admit, second)


async def test_who_may_be_many_people_is_not_limited(
    container: Container, guarded: Project, key: str
) -> None:
    set_to(container, rate_limit=Rate(1, 60))
    admit = container.admit_call()

    assert [(await admit(key, None)).project for _ in range(3)] == [guarded] * 3


async def test_calls_that_are_refused_for_the_domain_count_for_their_body_was_read(
    container: Container, key: str
) -> None:
    set_to(container, rate_limit=Rate(1, 60))
    admit = container.admit_call()
    with pytest.raises(DomainNotAllowed):
        await let_in(admit, key, origin="https://evil.com")

    with pytest.raises(RateLimited):
        await let_in(admit, key, origin="https://example.com")


@pytest.fixture
async def page_key(create_key: CreateKey, guarded: Project) -> str:
    return (await create_key(guarded.project_id, for_page=True)).secret


@pytest.mark.parametrize("headers", [{}, {"origin": "https://evil.com"}, {"origin": "null"}])
async def test_a_page_key_lets_nobody_else_in_and_no_server(
    admit: AdmitCall, page_key: str, headers: dict[str, str]
) -> None:
    with pytest.raises(DomainNotAllowed):
        await let_in(admit, page_key, **headers)
