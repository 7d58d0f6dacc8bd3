import pytest

from application.channels.channel_settings import ChannelSettings
from domain.channel import ChannelSetting
from domain.delivery import LONGEST_RECIPIENT
from domain.errors import InvalidSetting, StoreUnusable
from domain.project import Project
from domain.refusals import UnknownChannel
from entrypoints.container import Container
from tests.application.fakes import PostcardChannel


@pytest.fixture
def settings(container: Container) -> ChannelSettings:
    return container.channel_settings()


async def test_nothing_is_set_at_first(settings: ChannelSettings, project: Project) -> None:
    assert await settings.read(project.project_id, "postcards") == {}


async def test_what_was_set_is_read(settings: ChannelSettings, project: Project) -> None:
    values = {"stamp": ["abcdefgh", "ijklmnop"], "color": ["red"]}
    await settings.change(project.project_id, "postcards", values)

    assert await settings.read(project.project_id, "postcards") == values


async def test_a_secret_is_stored_locked_and_nothing_else_is(
    settings: ChannelSettings, container: Container, project: Project
) -> None:
    values = {"stamp": ["abcdefgh"], "color": ["red"]}
    await settings.change(project.project_id, "postcards", values)

    stored = await container.channel_register().get(project.project_id, "postcards")
    assert "abcdefgh" not in str(stored)
    assert stored["color"] == ["red"]


async def test_what_is_not_named_stays_and_no_values_remove(
    settings: ChannelSettings, project: Project
) -> None:
    values = {"stamp": ["abcdefgh"], "color": ["red"], "token": ["t"]}
    await settings.change(project.project_id, "postcards", values)
    await settings.change(project.project_id, "postcards", {"color": [], "token": ["u"]})

    found = await settings.read(project.project_id, "postcards")
    assert found == {"stamp": ["abcdefgh"], "token": ["u"]}


@pytest.mark.parametrize(
    "values",
    [
        {"colour": ["red"]},
        {"color": ["red", "blue"]},
        {"color": ["two words"]},
        {"color": [""]},
        {"color": ["rot\n"]},
        {"color": ["größe"]},
        {"stamp": ["abcdefgh", "ABCDEFGH"]},
        {"stamp": ["abcdefghi"]},
        {"stamp": ["abcdefgh", "ijklmnop", "qrstuvwx"]},
    ],
)
async def test_a_setting_that_cannot_be_this_changes_nothing(
    settings: ChannelSettings, project: Project, values: dict[str, list[str]]
) -> None:
    before = {"color": ["red"], "stamp": ["qrstuvwx"], "token": ["t"]}
    await settings.change(project.project_id, "postcards", before)

    with pytest.raises(InvalidSetting) as refused:
        await settings.change(project.project_id, "postcards", {"token": ["u"], **values})
    assert "ABCDEFGH" not in str(refused.value)
    assert await settings.read(project.project_id, "postcards") == before


async def test_a_value_that_is_given_twice_is_kept_once(
    settings: ChannelSettings, project: Project
) -> None:
    values = {"stamp": ["abcdefgh"] * 3, "boxes": ["2", "1", "2"]}
    await settings.change(project.project_id, "postcards", values)

    found = await settings.read(project.project_id, "postcards")
    assert found == {"stamp": ["abcdefgh"], "boxes": ["2", "1"]}


async def test_an_recipient_is_no_longer_than_what_is_kept_of_one(
    settings: ChannelSettings, project: Project
) -> None:
    longest = "1" * LONGEST_RECIPIENT
    await settings.change(project.project_id, "postcards", {"boxes": [longest]})

    with pytest.raises(InvalidSetting, match="boxes"):
        await settings.change(project.project_id, "postcards", {"boxes": [longest + "1"]})


async def test_who_errs_is_told_which_settings_there_are(
    settings: ChannelSettings, project: Project
) -> None:
    with pytest.raises(InvalidSetting, match="token, stamp, color"):
        await settings.change(project.project_id, "postcards", {"colour": ["red"]})


async def test_a_value_is_made_once_for_a_setting_that_needs_one(
    settings: ChannelSettings, project: Project, other: Project
) -> None:
    for owner in (project, project, other):
        await settings.generate_missing(owner.project_id, "postcards")
    ours, theirs = [
        await settings.read(owner.project_id, "postcards") for owner in (project, other)
    ]
    await settings.generate_missing(project.project_id, "postcards")

    assert list(ours) == ["token"]
    assert len(ours["token"][0]) >= 32
    assert ours["token"] != theirs["token"]
    assert await settings.read(project.project_id, "postcards") == ours


async def test_a_value_that_was_chosen_is_not_replaced_by_a_made_one(
    settings: ChannelSettings, project: Project
) -> None:
    await settings.change(project.project_id, "postcards", {"token": ["mine"]})
    await settings.generate_missing(project.project_id, "postcards")

    assert await settings.read(project.project_id, "postcards") == {"token": ["mine"]}


class SealedChannel(PostcardChannel):
    """A channel with a secret that is made when there is none."""

    settings = (ChannelSetting(name="seal", help="a secret", secret=True, generated=True),)


async def test_a_secret_that_is_made_is_stored_locked_too(
    container: Container, project: Project
) -> None:
    container.channels.override({"sealed": SealedChannel()})
    settings = container.channel_settings()
    await settings.generate_missing(project.project_id, "sealed")

    (seal,) = (await settings.read(project.project_id, "sealed"))["seal"]
    assert seal not in str(await container.channel_register().get(project.project_id, "sealed"))


async def test_a_secret_that_was_locked_with_another_key_is_not_passed_off_as_a_secret(
    settings: ChannelSettings, container: Container, project: Project
) -> None:
    await container.channel_register().set(project.project_id, "postcards", {"stamp": ["gAAAAAB"]})

    with pytest.raises(StoreUnusable):
        await settings.read(project.project_id, "postcards")


async def test_a_channel_that_is_not_switched_on_is_unknown(
    settings: ChannelSettings, project: Project
) -> None:
    with pytest.raises(UnknownChannel):
        settings.channel("telegram")
    with pytest.raises(UnknownChannel):
        await settings.read(project.project_id, "telegram")
    with pytest.raises(UnknownChannel):
        await settings.generate_missing(project.project_id, "telegram")
    with pytest.raises(UnknownChannel):
        await settings.change(project.project_id, "telegram", {})
