from typing import Any

import pytest

from adapters.inprocess import InProcessRateGuard, NoRateGuard
from adapters.sqlite import SqliteProjectRegister
from application.admit_call import AdmitCall, Call
from application.authenticate_key import AuthenticateKey
from application.create_key import CreateKey
from domain.api_key import new_key
from domain.project import Project
from domain.refusals import DomainNotAllowed, InvalidApiKey, RateLimited
from tests.support.builders import a_project
from tests.support.clocks import StillClock


def a_call(key: str | None, **fields: Any) -> Call:
    defaults = {"origin": None, "referer": None, "client_address": "203.0.113.7"}
    return Call(key=key, **(defaults | fields))


@pytest.fixture
async def guarded(projects: SqliteProjectRegister) -> Project:
    """A project that pages of example.com may send leads to."""
    project = a_project("example.com")
    await projects.add(project)
    return project


@pytest.fixture
async def key(create_key: CreateKey, guarded: Project) -> str:
    return (await create_key(guarded.project_id)).secret


@pytest.fixture
def admit(authenticate: AuthenticateKey) -> AdmitCall:
    return AdmitCall(authenticate, NoRateGuard())


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
    assert await admit(a_call(key, **headers)) == guarded


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.com"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "https://evil.com", "referer": "https://example.com/"},
        {"referer": "https://evil.com/"},
        {"referer": "\udcff"},
    ],
)
async def test_a_call_from_another_page_is_refused(
    admit: AdmitCall, key: str, headers: dict[str, str]
) -> None:
    with pytest.raises(DomainNotAllowed):
        await admit(a_call(key, **headers))


async def test_a_key_of_one_project_does_not_open_the_pages_of_another(
    admit: AdmitCall, projects: SqliteProjectRegister, key: str
) -> None:
    await projects.add(a_project("other.com"))

    with pytest.raises(DomainNotAllowed):
        await admit(a_call(key, origin="https://other.com"))


@pytest.mark.parametrize("key", [None, "garbage", new_key()], ids=lambda _: "key")
async def test_the_key_is_judged_before_the_domain(admit: AdmitCall, key: str | None) -> None:
    with pytest.raises(InvalidApiKey):
        await admit(a_call(key, origin="https://evil.com"))


async def test_a_channels_key_does_not_open_the_lead_path(
    admit: AdmitCall, create_key: CreateKey, guarded: Project
) -> None:
    key = await create_key(guarded.project_id, channel="whatsapp")

    with pytest.raises(InvalidApiKey):
        await admit(a_call(key.secret))


async def test_a_runaway_client_is_told_when_to_come_again(
    authenticate: AuthenticateKey, clock: StillClock, guarded: Project, key: str
) -> None:
    admit = AdmitCall(authenticate, InProcessRateGuard(2, 60, clock))
    await admit(a_call(key))
    await admit(a_call(key))
    clock.advance(15)

    with pytest.raises(RateLimited) as refused:
        await admit(a_call(key))
    assert refused.value.retry_after_seconds == 45
    clock.advance(45)
    assert await admit(a_call(key)) == guarded


async def test_the_rate_is_counted_per_client_and_project(
    authenticate: AuthenticateKey,
    clock: StillClock,
    create_key: CreateKey,
    project: Project,
    guarded: Project,
    key: str,
) -> None:
    admit = AdmitCall(authenticate, InProcessRateGuard(1, 60, clock))
    others = (await create_key(project.project_id)).secret
    second = (await create_key(guarded.project_id)).secret
    await admit(a_call(key))

    assert await admit(a_call(key, client_address="203.0.113.8")) == guarded
    assert await admit(a_call(others)) == project
    with pytest.raises(RateLimited):
        await admit(a_call(second))


async def test_calls_that_are_refused_for_the_domain_do_not_count(
    authenticate: AuthenticateKey, clock: StillClock, guarded: Project, key: str
) -> None:
    admit = AdmitCall(authenticate, InProcessRateGuard(1, 60, clock))
    for _ in range(3):
        with pytest.raises(DomainNotAllowed):
            await admit(a_call(key, origin="https://evil.com"))

    assert await admit(a_call(key)) == guarded
