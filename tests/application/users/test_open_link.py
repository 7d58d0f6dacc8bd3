import asyncio
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from application.ports.user_register import UserRegister
from application.users.begin_session import SignedIn
from application.users.make_link import NewLink
from application.users.open_link import OpenLink
from application.users.sessions import Sessions
from domain.errors import StorageUnavailable
from domain.users.refusals import LinkGone, WeakPassword
from domain.users.user import User
from entrypoints.container import Container
from tests.support.builders import NOW
from tests.support.clocks import StillClock

NEW = "a new password"


def token_of(address: str) -> str:
    return parse_qs(urlsplit(address).query)["token"][0]


@pytest.fixture
def open_link(container: Container) -> OpenLink:
    return container.open_sign_in_link()


@pytest.fixture
async def invited(container: Container) -> NewLink:
    invited: NewLink = await container.create_user()("ada@example.com", project_ids=("prj_1",))
    return invited


@pytest.fixture
async def quick(container: Container, ada: User) -> str:
    """A link that signs in without a password."""
    made = container.link_maker()(sets_password=False)
    await container.users().change(ada.user_id, lambda user: replace(user, link=made.kept))
    return token_of(made.url)


async def test_a_link_sets_the_password_and_signs_in(
    container: Container, open_link: OpenLink, sessions: Sessions, invited: NewLink
) -> None:
    signed_in = await open_link.use(token_of(invited.url), NEW)

    visitor = await sessions.authenticate(signed_in.session_token)
    assert visitor is not None
    assert visitor.user.may_see("prj_1")
    assert (visitor.user.last_sign_in_at, visitor.user.link) == (NOW, None)
    assert await container.sign_in()("ada@example.com", NEW)


async def test_a_link_works_once(open_link: OpenLink, invited: NewLink) -> None:
    await open_link.use(token_of(invited.url), NEW)

    with pytest.raises(LinkGone):
        await open_link.look(token_of(invited.url))
    with pytest.raises(LinkGone):
        await open_link.use(token_of(invited.url), "another password")


async def test_a_link_that_two_use_at_the_same_moment_works_for_one(
    open_link: OpenLink, invited: NewLink
) -> None:
    used = await asyncio.gather(
        *(open_link.use(token_of(invited.url), f"{NEW} {n}") for n in range(5)),
        return_exceptions=True,
    )

    assert sum(isinstance(one, SignedIn) for one in used) == 1
    assert sum(isinstance(one, LinkGone) for one in used) == 4


async def test_looking_at_a_link_does_not_use_it_up(open_link: OpenLink, invited: NewLink) -> None:
    for _ in range(3):
        opened = await open_link.look(token_of(invited.url))
        assert (opened.user, opened.sets_password) == (invited.user, True)

    assert await open_link.use(token_of(invited.url), NEW)


@pytest.mark.parametrize("password", ["", "ninechars", None])
async def test_a_weak_password_leaves_the_link(
    open_link: OpenLink, invited: NewLink, password: str | None
) -> None:
    with pytest.raises(WeakPassword):
        await open_link.use(token_of(invited.url), password)

    assert await open_link.use(token_of(invited.url), NEW)


@pytest.mark.parametrize("token", ["", "x", "\udcff", "x" * 9999, "x" * 43])
async def test_a_link_that_nobody_made_is_gone(
    open_link: OpenLink, invited: NewLink, token: str
) -> None:
    with pytest.raises(LinkGone):
        await open_link.look(token)


async def test_a_link_is_gone_after_its_time(
    open_link: OpenLink, clock: StillClock, invited: NewLink
) -> None:
    clock.advance(24 * 3600 - 1)
    await open_link.look(token_of(invited.url))

    clock.advance(1)

    with pytest.raises(LinkGone):
        await open_link.use(token_of(invited.url), NEW)


async def test_a_new_link_ends_the_older_and_lets_whoever_forgot_the_password_choose_another(
    container: Container, open_link: OpenLink, sessions: Sessions, clock: StillClock,
    invited: NewLink,
) -> None:  # fmt: skip
    before = await open_link.use(token_of(invited.url), NEW)
    first, second = [await container.make_sign_in_link()("ADA@example.com") for _ in range(2)]

    with pytest.raises(LinkGone):
        await open_link.use(token_of(first.url), "another password")
    await open_link.use(token_of(second.url), "another password")

    clock.advance(2)
    assert await sessions.authenticate(before.session_token) is None
    assert await container.sign_in()("ada@example.com", "another password")


async def test_a_link_without_a_password_to_choose_leaves_the_one_there_is(
    open_link: OpenLink, sessions: Sessions, users: UserRegister, ada: User,
    signed_in: SignedIn, quick: str,
) -> None:  # fmt: skip
    assert not (await open_link.look(quick)).sets_password

    await open_link.use(quick)

    found = await users.find(ada.user_id)
    assert found is not None
    assert (found.password, found.generation) == (ada.password, ada.generation)
    assert await sessions.authenticate(signed_in.session_token) is not None
    with pytest.raises(LinkGone):
        await open_link.use(quick)


async def test_the_link_of_a_user_who_was_removed_meanwhile_is_gone(
    container: Container, open_link: OpenLink, invited: NewLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    hash_it = container.password_hash().hash

    async def hash_and_remove(password: str) -> str:
        await container.remove_user()("ada@example.com")
        return await hash_it(password)

    monkeypatch.setattr(container.password_hash(), "hash", hash_and_remove)

    with pytest.raises(LinkGone):
        await open_link.use(token_of(invited.url), NEW)


async def test_a_process_that_ends_before_the_session_begins_has_left_the_password(
    container: Container, open_link: OpenLink, invited: NewLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(_: object) -> None:
        raise StorageUnavailable

    with monkeypatch.context() as patched:
        patched.setattr(container.session_register(), "add", away)
        with pytest.raises(StorageUnavailable):
            await open_link.use(token_of(invited.url), NEW)

    assert await container.sign_in()("ada@example.com", NEW)
    with pytest.raises(LinkGone):
        await open_link.look(token_of(invited.url))
