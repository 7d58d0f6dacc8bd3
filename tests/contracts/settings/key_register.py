"""
What every `KeyRegister` does.

Subclass and provide `keys`, `projects` and, over the same store as another process would
have it, `other_keys`.
"""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from application.ports.key_register import KeyRegister
from application.ports.project_register import ProjectRegister
from domain.api_key import ApiKey, digest_of, new_key
from domain.errors import Advice, AdviceCode, NotFound
from domain.project import Project
from tests.support.builders import NOW, a_key, a_project


def a_channel_key(project: Project, channel: str = "whatsapp") -> ApiKey:
    secret = new_key()
    return a_key(project, secret, channel=channel, readable=secret)


class KeyRegisterContract:
    @pytest.fixture
    async def project(self, projects: ProjectRegister) -> Project:
        project = a_project()
        await projects.add(project)
        return project

    @pytest.fixture
    async def other_project(self, projects: ProjectRegister) -> Project:
        project = a_project()
        await projects.add(project)
        return project

    async def test_a_key_is_found_by_its_digest_as_it_was_added(
        self, keys: KeyRegister, project: Project
    ) -> None:
        secret = new_key()
        key = a_key(project, secret, label="Zoë's laptop", last_used_at=NOW)

        added = await keys.add(key)

        assert added == key
        assert await keys.find_many([digest_of(secret)]) == [key]

    async def test_a_digest_that_nobody_has_is_no_key(
        self, keys: KeyRegister, project: Project
    ) -> None:
        await keys.add(a_key(project))

        assert await keys.find_many([digest_of(new_key())]) == [None]
        assert await keys.find_many([b""]) == [None]

    async def test_several_keys_are_found_in_the_order_of_their_digests(
        self, keys: KeyRegister, project: Project, other_project: Project
    ) -> None:
        mine, other = a_key(project), a_key(other_project, last_used_at=NOW)
        for key in (mine, other, a_key(project)):
            await keys.add(key)
        revoked = await keys.revoke(mine.key_id, NOW)
        nobodys = [digest_of(new_key()) for _ in range(97)]

        found = await keys.find_many([other.digest, *nobodys, revoked.digest, other.digest])

        assert found == [other, *[None] * 97, revoked, other]
        assert await keys.find_many([]) == []

    async def test_a_project_has_any_number_of_ordinary_keys(
        self, keys: KeyRegister, project: Project, other_project: Project
    ) -> None:
        mine = [a_key(project, created_at=NOW + timedelta(days=age)) for age in (2, 1, 3)]
        for key in (*mine, a_key(other_project)):
            await keys.add(key)

        assert await keys.of_project(project.project_id) == [mine[1], mine[0], mine[2]]

    async def test_a_page_key_stays_one_and_no_other_key_becomes_one(
        self, keys: KeyRegister, other_keys: KeyRegister, project: Project
    ) -> None:
        page = a_key(project, for_page=True, label="landing page")
        others = [a_key(project), a_channel_key(project)]

        added = [await keys.add(key) for key in (page, *others)]

        assert added == [page, *others]
        assert await other_keys.find_many([page.digest]) == [page]
        assert await other_keys.of_project(project.project_id) == [page, *others]

    async def test_a_page_key_that_is_used_and_revoked_is_still_one(
        self, keys: KeyRegister, project: Project
    ) -> None:
        page = await keys.add(a_key(project, for_page=True))
        await keys.mark_used({page.key_id: NOW})

        revoked = await keys.revoke(page.key_id, NOW)

        assert revoked == replace(page, last_used_at=NOW, revoked_at=NOW)
        assert await keys.find_many([page.digest]) == [revoked]

    async def test_a_project_without_keys_has_none(
        self, keys: KeyRegister, project: Project
    ) -> None:
        assert await keys.of_project(project.project_id) == []

    async def test_a_channel_has_one_key_per_project(
        self, keys: KeyRegister, project: Project, other_project: Project
    ) -> None:
        first, second = a_channel_key(project), a_channel_key(project)
        others = [a_channel_key(other_project), a_channel_key(project, "telegram"), a_key(project)]

        added = [await keys.add(key) for key in (first, second, *others)]

        assert added == [first, first, *others]
        assert await keys.find_many([second.digest]) == [None]
        assert await keys.of_project(project.project_id) == [first, *others[1:]]

    async def test_of_concurrent_keys_of_one_channel_one_is_kept(
        self, keys: KeyRegister, other_keys: KeyRegister, project: Project
    ) -> None:
        added = await asyncio.gather(
            *(
                register.add(a_channel_key(project))
                for _ in range(5)
                for register in (keys, other_keys)
            )
        )

        assert set(added) == set(await keys.of_project(project.project_id))
        assert len(set(added)) == 1

    async def test_a_digest_is_one_keys_revoked_or_not(
        self, keys: KeyRegister, other_keys: KeyRegister, project: Project
    ) -> None:
        secret = new_key()
        added = await asyncio.gather(
            *(
                register.add(a_key(project, secret))
                for _ in range(5)
                for register in (keys, other_keys)
            )
        )
        [kept] = await keys.of_project(project.project_id)
        revoked = await keys.revoke(kept.key_id, NOW)

        assert set(added) == {kept}
        assert await other_keys.add(a_key(project, secret)) == revoked
        assert await keys.of_project(project.project_id) == [revoked]

    async def test_a_revoked_key_keeps_its_first_moment_and_is_still_found(
        self, keys: KeyRegister, other_keys: KeyRegister, project: Project
    ) -> None:
        key = await keys.add(a_key(project))
        bystander = await keys.add(a_key(project))
        revoked = replace(key, revoked_at=NOW)

        answers = [
            await keys.revoke(key.key_id, NOW),
            await other_keys.revoke(key.key_id, NOW + timedelta(days=1)),
        ]

        assert answers == [revoked, revoked]
        assert await keys.find_many([key.digest]) == [revoked]
        assert await keys.of_project(project.project_id) == [revoked, bystander]

    async def test_a_key_that_does_not_exist_cannot_be_revoked(
        self, keys: KeyRegister, project: Project
    ) -> None:
        await keys.add(a_key(project))

        with pytest.raises(NotFound) as caught:
            await keys.revoke("key_none", NOW)
        assert caught.value.advice == (Advice(AdviceCode.LIST_KEYS),)

    async def test_a_revoked_channel_key_makes_room_for_another(
        self, keys: KeyRegister, project: Project
    ) -> None:
        first = await keys.add(a_channel_key(project))
        await keys.revoke(first.key_id, NOW)
        second = a_channel_key(project)

        added = await keys.add(second)

        assert added == second
        assert [k.revoked_at for k in await keys.of_project(project.project_id)] == [NOW, None]

    async def test_the_later_moment_of_use_stays(
        self, keys: KeyRegister, other_keys: KeyRegister, project: Project
    ) -> None:
        used, unused = await keys.add(a_key(project)), await keys.add(a_key(project))
        later = NOW + timedelta(minutes=1)

        await keys.mark_used({used.key_id: NOW})
        await keys.mark_used({used.key_id: later})
        await other_keys.mark_used({used.key_id: NOW})

        assert await keys.find_many([used.digest]) == [replace(used, last_used_at=later)]
        assert await keys.find_many([unused.digest]) == [unused]

    async def test_many_keys_are_marked_at_once(self, keys: KeyRegister, project: Project) -> None:
        added = [await keys.add(a_key(project)) for _ in range(3)]
        moments = {key.key_id: NOW + timedelta(minutes=n) for n, key in enumerate(added)}

        await keys.mark_used(moments)
        await keys.mark_used({})

        found = await keys.of_project(project.project_id)
        assert {key.key_id: key.last_used_at for key in found} == moments

    async def test_marking_a_key_that_does_not_exist_does_nothing(
        self, keys: KeyRegister, project: Project
    ) -> None:
        key = await keys.add(a_key(project))

        await keys.mark_used({"key_none": NOW})

        assert await keys.of_project(project.project_id) == [key]
