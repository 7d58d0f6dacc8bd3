import asyncio

import pytest

from application.keys.create import CreateKey
from application.ports.key_register import KeyRegister
from domain.api_key import ApiKey, digest_of, is_well_formed
from domain.project import Project
from tests.support.clocks import StillClock


async def test_of_an_ordinary_key_only_the_digest_is_kept(
    create_key: CreateKey, keys: KeyRegister, clock: StillClock, project: Project
) -> None:
    made = await create_key(project.project_id, label="web site")

    (kept,) = await keys.of_project(project.project_id)
    assert is_well_formed(made.secret)
    assert made.kept == kept
    assert kept == ApiKey(
        key_id=kept.key_id,
        project_id=project.project_id,
        digest=digest_of(made.secret),
        hint=made.secret[-4:],
        label="web site",
        created_at=clock.now(),
    )
    assert made.secret not in repr(kept)


async def test_a_page_key_is_kept_as_one_and_as_its_digest_alone(
    create_key: CreateKey, keys: KeyRegister, project: Project
) -> None:
    made = await create_key(project.project_id, label="web site", for_page=True)

    (kept,) = await keys.of_project(project.project_id)
    assert made.kept == kept
    assert kept.for_page
    assert kept.readable is None
    assert kept.digest == digest_of(made.secret)


async def test_a_key_of_a_channel_is_not_made_for_a_page(
    create_key: CreateKey, keys: KeyRegister, project: Project
) -> None:
    with pytest.raises(ValueError, match="never one for a page"):
        await create_key(project.project_id, channel="whatsapp", for_page=True)

    assert await keys.of_project(project.project_id) == []


async def test_a_project_may_have_any_number_of_keys(
    create_key: CreateKey, keys: KeyRegister, project: Project
) -> None:
    made = [await create_key(project.project_id) for _ in range(3)]

    assert [new.kept for new in made] == await keys.of_project(project.project_id)
    assert len({new.secret for new in made}) == 3


async def test_a_channels_key_is_kept_readable_and_is_the_same_every_time(
    create_key: CreateKey, keys: KeyRegister, project: Project
) -> None:
    looks = (create_key(project.project_id, channel="whatsapp") for _ in range(5))
    made = await asyncio.gather(*looks)

    (kept,) = await keys.of_project(project.project_id)
    assert {new.secret for new in made} == {kept.readable}
    assert kept.digest == digest_of(made[0].secret)
    assert kept.channel == "whatsapp"


async def test_each_channel_of_each_project_has_a_key_of_its_own(
    create_key: CreateKey, project: Project, other: Project
) -> None:
    doors = [(project, "whatsapp"), (project, "telegram"), (other, "whatsapp")]
    made = [await create_key(owner.project_id, channel=channel) for owner, channel in doors]

    assert len({new.secret for new in made}) == 3


async def test_a_revoked_key_of_a_channel_is_replaced(
    create_key: CreateKey, keys: KeyRegister, clock: StillClock, project: Project
) -> None:
    old = await create_key(project.project_id, channel="whatsapp")
    await keys.revoke(old.kept.key_id, clock.now())
    new = await create_key(project.project_id, channel="whatsapp")

    assert new.secret != old.secret
    assert (await create_key(project.project_id, channel="whatsapp")).secret == new.secret


@pytest.mark.parametrize("door", [None, "whatsapp"])
async def test_a_key_that_is_found_is_the_key_that_was_made(
    create_key: CreateKey, keys: KeyRegister, project: Project, door: str | None
) -> None:
    made = await create_key(project.project_id, channel=door)

    assert await keys.find(digest_of(made.secret)) == made.kept
