import asyncio

import pytest

from application.process.settings_cache import EXPIRES_AFTER_SECONDS
from application.users.begin_session import SignedIn
from application.users.change_password import ChangePassword
from application.users.sessions import Sessions, Visitor
from application.users.throttle import MOST_FAILURES
from domain.users.refusals import LinkGone, TooManyTries, WeakPassword, WrongPassword
from domain.users.user import LOCAL_ADMIN, User
from entrypoints.container import Container
from tests.application.users.conftest import PASSWORD
from tests.application.users.test_open_link import token_of
from tests.support.builders import a_session, a_user
from tests.support.clocks import StillClock

NEW = "a new password"


@pytest.fixture
def change_password(container: Container) -> ChangePassword:
    return container.change_password()


async def test_a_change_ends_all_sessions_of_before_and_begins_one_for_this_browser(
    container: Container, change_password: ChangePassword, sessions: Sessions, clock: StillClock,
    visitor: Visitor, signed_in: SignedIn,
) -> None:  # fmt: skip
    elsewhere = await container.sign_in()(visitor.user.email, PASSWORD)

    changed = await change_password(visitor, old=PASSWORD, new=NEW)

    clock.advance(EXPIRES_AFTER_SECONDS)
    assert await sessions.authenticate(signed_in.session_token) is None
    assert await sessions.authenticate(elsewhere.session_token) is None
    assert await sessions.authenticate(changed.session_token) is not None
    assert await container.sign_in()(visitor.user.email, NEW)
    with pytest.raises(WrongPassword):
        await container.sign_in()(visitor.user.email, PASSWORD)


async def test_a_link_of_before_does_not_change_it_once_more(
    container: Container, change_password: ChangePassword, visitor: Visitor
) -> None:
    link = await container.make_sign_in_link()(visitor.user.email)

    await change_password(visitor, old=PASSWORD, new=NEW)

    with pytest.raises(LinkGone):
        await container.open_sign_in_link().use(token_of(link.url), "of a stolen link")


async def test_the_old_password_must_be_right_and_the_new_one_strong(
    container: Container, change_password: ChangePassword, visitor: Visitor
) -> None:
    with pytest.raises(WrongPassword):
        await change_password(visitor, old="wrong horse", new=NEW)
    with pytest.raises(WeakPassword):
        await change_password(visitor, old=PASSWORD, new="short")

    assert await container.sign_in()(visitor.user.email, PASSWORD)


async def test_who_finds_a_browser_open_cannot_guess_the_password_for_ever(
    change_password: ChangePassword, visitor: Visitor
) -> None:
    for _ in range(MOST_FAILURES):
        with pytest.raises(WrongPassword):
            await change_password(visitor, old="wrong horse", new=NEW)

    with pytest.raises(TooManyTries):
        await change_password(visitor, old=PASSWORD, new=NEW)


async def test_of_two_changes_at_the_same_moment_one_counts(
    change_password: ChangePassword, visitor: Visitor
) -> None:
    done = await asyncio.gather(
        *(change_password(visitor, old=PASSWORD, new=f"{NEW} {n}") for n in range(2)),
        return_exceptions=True,
    )

    assert {type(one) for one in done} == {SignedIn, WrongPassword}


async def test_who_has_no_password_yet_chooses_one(
    container: Container, change_password: ChangePassword
) -> None:
    user: User = a_user(LOCAL_ADMIN, admin=True)
    await container.users().add(user)

    await change_password(Visitor(user, a_session(user)), old="", new=NEW)

    assert await container.sign_in()(LOCAL_ADMIN, NEW)
