import asyncio

import pytest

from application.keys.create import CreateKey
from application.ports.key_register import KeyRegister
from domain.api_key import ApiKey, InvalidLabel, digest_of, is_well_formed
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


async def test_a_channels_key_is_kept_readable_and_is_the_same_every_time(
    create_key: CreateKey, keys: KeyRegister, project: Project
) -> None:
    looks = (create_key(project.project_id, channel="whatsapp") for _ in range(5))
    made = await asyncio.gather(*looks)

    (kept,) = await keys.of_project(project.project_id)
    assert {new.secret for new in made} == {kept.readable}
    assert kept.digest == digest_of(made[0].secret)
    assert kept.channel == "whatsapp"


async def test_of_one_seed_it_is_one_key_whose_secret_is_known_every_time(
    create_key: CreateKey, keys: KeyRegister, project: Project
) -> None:
    seeds = (*(b"seed",) * 5, b"other", None)
    made = await asyncio.gather(*(create_key(project.project_id, seed=seed) for seed in seeds))

    assert len({new.secret for new in made[:5]}) == 1
    assert {new.kept.key_id for new in made[:5]} == {made[0].kept.key_id}
    assert made[0].kept.digest == digest_of(made[0].secret)
    assert len(await keys.of_project(project.project_id)) == 3


async def test_a_label_that_turns_the_text_is_refused(
    create_key: CreateKey, keys: KeyRegister, project: Project
) -> None:
    with pytest.raises(InvalidLabel, match=r"this one has U\+202E RIGHT-TO-LEFT OVERRIDE"):
        await create_key(project.project_id, label="web\u202esite")

    assert await keys.of_project(project.project_id) == []
