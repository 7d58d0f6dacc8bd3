"""
What every `SessionRegister` does.

Subclass and provide `sessions`, `users` and, over the same store as another process would have it,
`other_sessions`.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from application.ports.session_register import SessionRegister
from application.ports.user_register import UserRegister
from domain.users.tokens import digest_of
from domain.users.user import User
from tests.support.builders import NOW, a_session, a_user

LATER = NOW + timedelta(seconds=1)


class SessionRegisterContract:
    @pytest.fixture
    async def user(self, users: UserRegister) -> User:
        user = a_user()
        await users.add(user)
        return user

    async def test_a_session_is_found_by_its_digest_as_it_was_added(
        self, sessions: SessionRegister, other_sessions: SessionRegister, user: User
    ) -> None:
        session = a_session(user, last_used_at=LATER, generation=4)

        await sessions.add(session)

        assert await other_sessions.find(session.digest) == session
        assert await sessions.find(digest_of("another")) is None
        assert await sessions.find(b"") is None

    async def test_the_later_moment_of_use_stays(
        self, sessions: SessionRegister, other_sessions: SessionRegister, user: User
    ) -> None:
        used, unused = a_session(user), a_session(user)
        for one in (used, unused):
            await sessions.add(one)

        await sessions.mark_used({used.digest: LATER, digest_of("ended"): LATER})
        await other_sessions.mark_used({used.digest: NOW})
        await sessions.mark_used({})

        assert await sessions.find(used.digest) == replace(used, last_used_at=LATER)
        assert await sessions.find(unused.digest) == unused

    async def test_a_session_that_ends_is_gone_and_no_other(
        self, sessions: SessionRegister, other_sessions: SessionRegister, user: User
    ) -> None:
        ended, other = a_session(user), a_session(user)
        for one in (ended, other):
            await sessions.add(one)

        for _ in range(2):
            await sessions.end(ended.digest)

        assert await other_sessions.find(ended.digest) is None
        assert await other_sessions.find(other.digest) == other

    async def test_what_was_last_used_before_is_pruned(
        self, sessions: SessionRegister, user: User
    ) -> None:
        old, new = a_session(user), a_session(user, last_used_at=LATER)
        for one in (old, new):
            await sessions.add(one)

        await sessions.prune(LATER)

        assert await sessions.find(old.digest) is None
        assert await sessions.find(new.digest) == new

    async def test_a_session_of_a_user_who_was_removed_meanwhile_is_no_failure(
        self, sessions: SessionRegister, users: UserRegister, user: User
    ) -> None:
        await users.change(user.user_id, lambda _: None)

        await sessions.add(a_session(user))
