import pytest

from application.channels.edit_channel import EditChannel
from domain.channel import SettingValues
from domain.errors import InvalidSetting
from domain.project import Project
from entrypoints.container import Container
from entrypoints.process.settings import Settings

OLDEST, OLDER, NEWER = "aaaaaaaa", "bbbbbbbb", "cccccccc"
OTHER_KEY = "B" * 43 + "="


@pytest.fixture
def edit(container: Container) -> EditChannel:
    return container.edit_channel()


async def read(container: Container, project: Project) -> SettingValues:
    return await container.channel_settings().read(project.project_id, "postcards")


async def stored(container: Container, project: Project) -> SettingValues:
    return await container.channel_settings().stored(project.project_id, "postcards")


async def test_a_new_secret_joins_the_newest_of_before(
    edit: EditChannel, container: Container, project: Project
) -> None:
    for secret in (OLDEST, OLDER, NEWER):
        await edit.save(project.project_id, "postcards", {"stamp": [secret]})

    assert (await read(container, project))["stamp"] == [NEWER, OLDER]


async def test_the_same_secret_again_is_no_second_one(
    edit: EditChannel, container: Container, project: Project
) -> None:
    for _ in range(2):
        await edit.save(project.project_id, "postcards", {"stamp": [NEWER]})

    assert (await read(container, project))["stamp"] == [NEWER]


async def test_no_secret_changes_none_and_no_other_value_removes(
    edit: EditChannel, container: Container, project: Project
) -> None:
    await edit.save(project.project_id, "postcards", {"stamp": [OLDER], "color": ["red"]})
    await edit.save(project.project_id, "postcards", {"stamp": [], "color": []})

    assert await read(container, project) == {"stamp": [OLDER]}


@pytest.mark.parametrize(
    ("shown", "wanted", "meanwhile", "then"),
    [
        (["1"], ["1"], ["1", "2"], ["1", "2"]),
        (["1"], ["1", "3"], ["1", "2"], ["1", "3", "2"]),
        (["1", "2"], ["1"], ["1", "2", "3"], ["1", "3"]),
        (["1", "2"], ["1", "2", "3"], ["1"], ["1", "3"]),
        ([], ["1"], ["2"], ["1", "2"]),
    ],
)
async def test_what_others_changed_since_the_form_was_opened_stays(
    edit: EditChannel,
    container: Container,
    project: Project,
    shown: list[str],
    wanted: list[str],
    meanwhile: list[str],
    then: list[str],
) -> None:
    await container.channel_settings().change(project.project_id, "postcards", {"boxes": meanwhile})
    await edit.save(project.project_id, "postcards", {"boxes": wanted}, {"boxes": shown})

    assert list((await read(container, project))["boxes"]) == then


async def test_of_two_who_change_one_value_the_later_wins(
    edit: EditChannel, container: Container, project: Project
) -> None:
    await edit.save(project.project_id, "postcards", {"color": ["red"]})
    await edit.save(project.project_id, "postcards", {"color": ["blue"]}, {"color": []})

    assert await read(container, project) == {"color": ["blue"]}


async def test_what_is_as_it_was_is_not_written_again(
    edit: EditChannel, container: Container, project: Project
) -> None:
    written = await stored(container, project) | {"boxes": ["1", "x"]}  # of an older version
    await container.channel_register().set(project.project_id, "postcards", written)
    await edit.save(project.project_id, "postcards", {"boxes": ["1", "x"], "color": ["red"]})

    assert (await read(container, project))["color"] == ["red"]


async def test_a_secret_that_cannot_be_read_is_replaced_by_a_new_one_alone(
    edit: EditChannel, container: Container, project: Project
) -> None:
    await edit.save(project.project_id, "postcards", {"stamp": [OLDER]})
    url = container.settings().database_url
    with container.settings.override(Settings(database_url=url, secret_key=OTHER_KEY)):
        container.secret_box.reset()
        container.channel_settings.reset()
        container.edit_channel.reset()
        save = container.edit_channel().save
        await save(project.project_id, "postcards", {"stamp": []})
        assert len((await stored(container, project))["stamp"]) == 1
        await save(project.project_id, "postcards", {"stamp": [NEWER]})

        assert (await read(container, project))["stamp"] == [NEWER]


async def test_a_wrong_value_changes_nothing(
    edit: EditChannel, container: Container, project: Project
) -> None:
    with pytest.raises(InvalidSetting):
        await edit.save(project.project_id, "postcards", {"stamp": [NEWER], "color": ["two words"]})
    with pytest.raises(InvalidSetting):
        await edit.save(project.project_id, "postcards", {"stamp": [NEWER], "colour": ["red"]})

    assert await read(container, project) == {}


async def test_the_end_of_a_rotation_leaves_the_newest(
    edit: EditChannel, container: Container, project: Project
) -> None:
    for secret in (OLDER, NEWER):
        await edit.save(project.project_id, "postcards", {"stamp": [secret]})
    for _ in range(2):
        await edit.end_older(project.project_id, "postcards", "stamp")

    assert (await read(container, project))["stamp"] == [NEWER]


async def test_a_number_joins_those_that_are_listed_once(
    edit: EditChannel, container: Container, project: Project
) -> None:
    for number in ("2", "1", "2"):
        await edit.list_number(project.project_id, "postcards", number)

    assert (await read(container, project))["boxes"] == ["2", "1"]


async def test_a_number_that_no_setting_takes_or_has_room_for_is_not_listed(
    edit: EditChannel, container: Container, project: Project
) -> None:
    nine = [str(number) for number in range(9)]
    await edit.save(project.project_id, "postcards", {"boxes": nine})
    for number in ("none", "9"):
        with pytest.raises(InvalidSetting):
            await edit.list_number(project.project_id, "postcards", number)

    assert (await read(container, project))["boxes"] == nine
