from dataclasses import replace

import pytest

from application.process.settings_cache import EXPIRES_AFTER_SECONDS
from application.users.begin_session import SignedIn
from application.users.sessions import Sessions, Visitor
from application.users.update_user import UserChange
from domain.errors import StorageUnavailable
from domain.users.session import LONGEST_DAYS, UNUSED_HOURS
from domain.users.tokens import digest_of, new_token
from domain.users.user import User
from entrypoints.container import Container
from tests.application.users.conftest import PASSWORD
from tests.support.builders import a_session
from tests.support.clocks import StillClock

HOUR = 3600


async def is_signed_in(sessions: Sessions, token: str) -> bool:
    return await sessions.authenticate(token) is not None


@pytest.mark.parametrize("token", [None, "", "x", "\udcff", "x" * 9999])
async def test_garbage_is_nobody_without_asking_the_store(
    container: Container, sessions: Sessions, token: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(_: bytes) -> None:
        raise StorageUnavailable

    monkeypatch.setattr(container.session_register(), "find", away)

    assert await sessions.authenticate(token) is None
    with pytest.raises(StorageUnavailable):
        await sessions.authenticate(new_token())


async def test_a_token_that_nobody_was_given_is_nobody(sessions: Sessions) -> None:
    assert await sessions.authenticate(new_token()) is None


async def test_while_a_session_is_used_it_goes_on_and_then_ends(
    container: Container, sessions: Sessions, clock: StillClock, signed_in: SignedIn
) -> None:
    for _ in range(3):
        clock.advance((UNUSED_HOURS - 1) * HOUR)
        assert await is_signed_in(sessions, signed_in.session_token)
        await container.session_usage().flush()

    clock.advance(UNUSED_HOURS * HOUR)

    assert not await is_signed_in(sessions, signed_in.session_token)


async def test_a_session_that_is_only_looked_at_ends_as_an_unused_one(
    sessions: Sessions, container: Container, clock: StillClock, signed_in: SignedIn
) -> None:
    clock.advance((UNUSED_HOURS - 1) * HOUR)
    assert await sessions.authenticate(signed_in.session_token, is_use=False) is not None
    await container.session_usage().flush()

    clock.advance(HOUR)

    assert not await is_signed_in(sessions, signed_in.session_token)


async def test_a_session_ends_after_thirty_days_however_often_it_is_used(
    container: Container, sessions: Sessions, clock: StillClock, signed_in: SignedIn
) -> None:
    for _ in range(LONGEST_DAYS * 3 - 1):
        clock.advance(8 * HOUR)
        assert await is_signed_in(sessions, signed_in.session_token)
        await container.session_usage().flush()

    clock.advance(8 * HOUR)

    assert not await is_signed_in(sessions, signed_in.session_token)


async def test_who_signs_out_is_signed_out_of_this_session_alone(
    container: Container, sessions: Sessions, clock: StillClock, visitor: Visitor,
    signed_in: SignedIn,
) -> None:  # fmt: skip
    other = await container.sign_in()(visitor.user.email, PASSWORD)

    await sessions.sign_out(visitor)

    clock.advance(EXPIRES_AFTER_SECONDS)
    assert not await is_signed_in(sessions, signed_in.session_token)
    assert await is_signed_in(sessions, other.session_token)


async def test_who_signs_out_everywhere_is_signed_out_of_every_session_and_may_come_back(
    container: Container, sessions: Sessions, clock: StillClock, visitor: Visitor,
    signed_in: SignedIn,
) -> None:  # fmt: skip
    other = await container.sign_in()(visitor.user.email, PASSWORD)

    await sessions.sign_out_everywhere(visitor)

    clock.advance(EXPIRES_AFTER_SECONDS)
    assert not await is_signed_in(sessions, signed_in.session_token)
    assert not await is_signed_in(sessions, other.session_token)
    again = await container.sign_in()(visitor.user.email, PASSWORD)
    assert await is_signed_in(sessions, again.session_token)


async def test_a_session_of_a_password_that_was_just_changed_has_ended_before_it_began(
    container: Container, sessions: Sessions, ada: User, visitor: Visitor
) -> None:
    proven_before = ada
    await container.change_password()(visitor, old=PASSWORD, new="another password")

    late = await container.begin_session()(proven_before)

    assert not await is_signed_in(sessions, late.session_token)


async def test_a_user_who_is_removed_is_signed_out_and_signing_out_is_no_failure(
    container: Container, sessions: Sessions, clock: StillClock, visitor: Visitor,
    signed_in: SignedIn,
) -> None:  # fmt: skip
    await container.remove_user()(visitor.user.email)

    clock.advance(EXPIRES_AFTER_SECONDS)
    assert not await is_signed_in(sessions, signed_in.session_token)
    await sessions.sign_out(visitor)
    await sessions.sign_out_everywhere(visitor)


async def test_what_a_user_may_see_is_in_force_within_two_seconds(
    container: Container, sessions: Sessions, clock: StillClock, signed_in: SignedIn
) -> None:
    change = UserChange(add_project_ids=("prj_1",))
    await container.update_user()(signed_in.user.email, change)

    clock.advance(EXPIRES_AFTER_SECONDS)

    visitor = await sessions.authenticate(signed_in.session_token)
    assert visitor is not None
    assert visitor.user.project_ids == ("prj_1",)


async def test_what_has_ended_is_cleared_away_when_somebody_signs_in(
    container: Container, clock: StillClock, ada: User, signed_in: SignedIn
) -> None:
    register = container.session_register()
    old = digest_of(signed_in.session_token)
    used = a_session(ada, last_used_at=clock.now().replace(hour=13))
    await register.add(used)
    clock.advance(UNUSED_HOURS * HOUR + 1)

    await container.begin_session()(ada)

    assert await register.find(old) is None
    assert await register.find(used.digest) == replace(used)
