"""
What every `UserRegister` does.

Subclass and provide `users`, `sessions` and, over the same store as another process would have it,
`other_users`.
"""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from application.ports.session_register import SessionRegister
from application.ports.user_register import UserRegister
from domain.errors import Advice, AdviceCode, LastAdmin, NameTaken, NotFound
from domain.users.link import SignInLink
from domain.users.refusals import LinkGone
from domain.users.tokens import digest_of
from domain.users.user import User
from tests.support.builders import NOW, a_session, a_user

LINK = SignInLink(digest=digest_of("a link"), expires_at=NOW, sets_password=True)
ROUNDS = 5


def demoted(user: User) -> User:
    return replace(user, admin=False)


def removed(_: User) -> None:
    return None


def with_one_more(user: User) -> User:
    return replace(user, generation=user.generation + 1)


def without_link(user: User) -> User:
    if user.link != LINK:
        raise LinkGone
    return replace(user, link=None, password="chosen")


class UserRegisterContract:
    async def test_a_user_comes_back_as_it_was_added(self, users: UserRegister) -> None:
        plain = a_user()
        full = a_user(
            "zoë@bücher.example",
            admin=True,
            project_ids=("prj_1", "prj_2"),
            password="$argon2id$…",
            last_sign_in_at=NOW,
            generation=3,
            link=LINK,
        )

        for user in (plain, full):
            await users.add(user)

            assert await users.find(user.user_id) == user
            assert await users.find(user.email) == user

    async def test_an_unknown_user_is_none(self, users: UserRegister) -> None:
        await users.add(a_user("ada@example.com"))

        for text in ("", "ADA@example.com", "ada", "usr_", "%", "$where", "' OR 1=1 --", "nul\0"):
            assert await users.find(text) is None

    async def test_a_user_is_found_by_the_link_that_it_has_now(self, users: UserRegister) -> None:
        user, other = a_user(link=LINK), a_user()
        await users.add(user)
        await users.add(other)

        assert await users.with_link(LINK.digest) == user
        assert await users.with_link(digest_of("")) is None
        newer = replace(LINK, digest=digest_of("newer"), sets_password=False)
        changed = await users.change(user.user_id, lambda it: replace(it, link=newer))

        assert await users.with_link(LINK.digest) is None
        assert await users.with_link(newer.digest) == changed

    async def test_of_concurrent_users_of_one_address_one_is_kept(
        self, users: UserRegister, other_users: UserRegister
    ) -> None:
        added = await asyncio.gather(
            *(
                register.add(a_user("ada@example.com"))
                for _ in range(5)
                for register in (users, other_users)
            ),
            return_exceptions=True,
        )

        refused = [one for one in added if isinstance(one, NameTaken)]
        assert len(refused) == 9
        assert refused[0].advice == (Advice(AdviceCode.MAKE_ANOTHER_LINK),)
        assert len(await users.all()) == 1

    async def test_all_users_are_listed_oldest_first(self, users: UserRegister) -> None:
        assert await users.all() == []
        by_age = {age: a_user(created_at=NOW - timedelta(days=age)) for age in (2, 3, 1)}
        for user in by_age.values():
            await users.add(user)

        assert await users.all() == [by_age[3], by_age[2], by_age[1]]

    async def test_a_change_is_returned_and_kept_and_seen_by_others(
        self, users: UserRegister, other_users: UserRegister
    ) -> None:
        user, bystander = a_user(link=LINK), a_user()
        await users.add(user)
        await users.add(bystander)

        def change(before: User) -> User:
            return replace(
                before, admin=True, project_ids=("prj_1",), password="x", last_sign_in_at=NOW,
                link=None,
            )  # fmt: skip

        assert await users.change(user.email, change) == change(user)
        assert await other_users.find(user.user_id) == change(user)
        assert await other_users.find(bystander.user_id) == bystander

    async def test_a_user_who_does_not_exist_cannot_be_changed(self, users: UserRegister) -> None:
        for text in ("usr_none", "nobody@example.com", ""):
            with pytest.raises(NotFound) as caught:
                await users.change(text, with_one_more)
            assert caught.value.advice == (Advice(AdviceCode.LIST_USERS),)

    async def test_of_concurrent_changes_none_is_lost(
        self, users: UserRegister, other_users: UserRegister
    ) -> None:
        user = a_user()
        await users.add(user)

        await asyncio.gather(
            *(
                register.change(user.user_id, with_one_more)
                for _ in range(10)
                for register in (users, other_users)
            )
        )

        assert await users.find(user.user_id) == replace(user, generation=20)

    async def test_of_those_who_use_a_link_at_the_same_moment_one_wins(
        self, users: UserRegister, other_users: UserRegister
    ) -> None:
        user = a_user(link=LINK)
        await users.add(user)

        done = await asyncio.gather(
            *(
                register.change(user.user_id, without_link)
                for _ in range(5)
                for register in (users, other_users)
            ),
            return_exceptions=True,
        )

        assert sum(isinstance(one, LinkGone) for one in done) == 9
        assert await users.find(user.user_id) == replace(user, link=None, password="chosen")

    async def test_a_user_who_is_removed_is_gone_with_all_sessions(
        self, users: UserRegister, sessions: SessionRegister
    ) -> None:
        user, bystander = a_user(link=LINK), a_user()
        held = [a_session(user), a_session(user), a_session(bystander)]
        for one in (user, bystander):
            await users.add(one)
        for session in held:
            await sessions.add(session)

        await users.change(user.user_id, removed)

        assert await users.all() == [bystander]
        assert await users.with_link(LINK.digest) is None
        assert [await sessions.find(one.digest) for one in held] == [None, None, held[2]]
        await users.add(a_user(user.email))

    async def test_the_last_admin_stays_and_stays_an_admin(self, users: UserRegister) -> None:
        admin = a_user(admin=True)
        await users.add(admin)
        await users.add(a_user())

        for change in (demoted, removed):
            with pytest.raises(LastAdmin) as caught:
                await users.change(admin.user_id, change)
            assert caught.value.advice == (Advice(AdviceCode.MAKE_ANOTHER_ADMIN),)

        changed = await users.change(admin.user_id, with_one_more)
        assert await users.find(admin.user_id) == changed == with_one_more(admin)

    async def test_an_admin_with_a_password_stays_while_no_other_admin_has_one(
        self, users: UserRegister
    ) -> None:
        admin, invited = a_user(admin=True, password="hers"), a_user(admin=True)
        member = a_user(password="a member's")
        for user in (admin, invited, member):
            await users.add(user)

        for change in (demoted, removed):
            with pytest.raises(LastAdmin):
                await users.change(admin.user_id, change)
        await users.change(invited.user_id, lambda it: replace(it, password="chosen"))
        await users.change(admin.user_id, removed)
        await users.add(a_user(admin.email, admin=True))
        await users.change(admin.email, removed)

    async def test_of_admins_without_a_password_all_may_go_but_one(
        self, users: UserRegister
    ) -> None:
        first, second = a_user(admin=True), a_user(admin=True)
        for user in (first, second):
            await users.add(user)

        await users.change(first.user_id, removed)

        with pytest.raises(LastAdmin):
            await users.change(second.user_id, removed)

    @pytest.mark.parametrize("password", [None, "$argon2id$…"])
    async def test_of_two_admins_who_go_at_the_same_moment_one_stays(
        self, users: UserRegister, other_users: UserRegister, password: str | None
    ) -> None:
        stayed = a_user(admin=True, password=password)
        await users.add(stayed)
        await users.add(a_user(admin=bool(password)))
        for _ in range(ROUNDS):
            other = a_user(admin=True, password=password)
            await users.add(other)

            done = await asyncio.gather(
                users.change(stayed.user_id, demoted),
                other_users.change(other.user_id, removed),
                return_exceptions=True,
            )

            assert sum(isinstance(one, LastAdmin) for one in done) == 1
            [stayed] = [u for u in await users.all() if u.admin and u.password == password]

    async def test_of_many_admins_who_go_at_the_same_moment_one_stays(
        self, users: UserRegister, other_users: UserRegister
    ) -> None:
        admins = [a_user(admin=True) for _ in range(6)]
        for admin in admins:
            await users.add(admin)

        done = await asyncio.gather(
            *(
                register.change(admin.user_id, removed)
                for admin, register in zip(admins, [users, other_users] * 3, strict=True)
            ),
            return_exceptions=True,
        )

        assert [type(one) for one in done if one is not None] == [LastAdmin]
        assert len(await users.all()) == 1
