"""
What every `ChannelRegister` does.

Subclass and provide `register`, `projects` and, over the same store as another process
would have it, `other_register`.
"""

import asyncio

import pytest

from application.ports.channel_register import ChannelRegister
from application.ports.project_register import ProjectRegister
from domain.channel import SettingValues
from domain.project import Project
from tests.support.builders import a_project

WHATSAPP = "whatsapp"


def plain(values: SettingValues) -> dict[str, list[str]]:
    """Whatever sequences the adapter uses."""
    return {name: list(chosen) for name, chosen in values.items()}


class ChannelRegisterContract:
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

    async def test_nothing_is_set_until_it_is(
        self, register: ChannelRegister, project: Project
    ) -> None:
        assert plain(await register.get(project.project_id, WHATSAPP)) == {}
        assert plain(await register.get("prj_none", WHATSAPP)) == {}

    async def test_settings_come_back_in_their_order_and_are_seen_by_others(
        self, register: ChannelRegister, other_register: ChannelRegister, project: Project
    ) -> None:
        wanted = {"ids": ["3", "1", "2"], "token": ["tök$.en"], "a.b": ["$where"]}

        returned = await register.set(project.project_id, WHATSAPP, wanted)

        assert plain(returned) == wanted
        assert plain(await other_register.get(project.project_id, WHATSAPP)) == wanted

    async def test_a_setting_is_replaced_and_the_others_stay(
        self, register: ChannelRegister, project: Project
    ) -> None:
        await register.set(project.project_id, WHATSAPP, {"ids": ["1", "2"], "token": ["t"]})

        changed = await register.set(project.project_id, WHATSAPP, {"ids": ("3",)})

        assert plain(changed) == {"ids": ["3"], "token": ["t"]}
        assert plain(await register.get(project.project_id, WHATSAPP)) == plain(changed)

    async def test_an_empty_value_removes_the_setting(
        self, register: ChannelRegister, project: Project
    ) -> None:
        await register.set(project.project_id, WHATSAPP, {"ids": ["1"], "token": ["t"]})

        changed = await register.set(project.project_id, WHATSAPP, {"ids": [], "unknown": []})

        assert plain(changed) == {"token": ["t"]}
        assert plain(await register.get(project.project_id, WHATSAPP)) == {"token": ["t"]}

    async def test_each_channel_of_each_project_has_its_own(
        self, register: ChannelRegister, project: Project, other_project: Project
    ) -> None:
        places = [
            (which.project_id, channel)
            for which in (project, other_project)
            for channel in (WHATSAPP, "telegram")
        ]
        for number, place in enumerate(places):
            await register.set(*place, {"token": [str(number)]})

        found = [plain(await register.get(*place)) for place in places]

        assert found == [{"token": [str(number)]} for number in range(4)]

    async def test_only_what_is_missing_is_set(
        self, register: ChannelRegister, project: Project
    ) -> None:
        await register.set(project.project_id, WHATSAPP, {"token": ["chosen"]})

        settled = await register.set_missing(
            project.project_id, WHATSAPP, {"token": ["made"], "other": ["made"]}
        )

        assert plain(settled) == {"token": ["chosen"], "other": ["made"]}
        assert plain(await register.get(project.project_id, WHATSAPP)) == plain(settled)

    async def test_what_was_removed_is_missing_again(
        self, register: ChannelRegister, project: Project
    ) -> None:
        await register.set(project.project_id, WHATSAPP, {"token": ["old"]})
        await register.set(project.project_id, WHATSAPP, {"token": []})

        settled = await register.set_missing(project.project_id, WHATSAPP, {"token": ["new"]})

        assert plain(settled) == {"token": ["new"]}

    async def test_a_missing_setting_without_values_stays_missing(
        self, register: ChannelRegister, project: Project
    ) -> None:
        nothing = await register.set_missing(project.project_id, WHATSAPP, {"token": []})
        settled = await register.set_missing(project.project_id, WHATSAPP, {"token": ["made"]})

        assert plain(nothing) == {}
        assert plain(settled) == {"token": ["made"]}

    async def test_of_concurrent_values_for_what_is_missing_one_wins(
        self, register: ChannelRegister, other_register: ChannelRegister, project: Project
    ) -> None:
        answers = await asyncio.gather(
            *(
                one.set_missing(project.project_id, WHATSAPP, {"token": [f"{n} of {which}"]})
                for n in range(5)
                for which, one in enumerate((register, other_register))
            )
        )
        kept = plain(await register.get(project.project_id, WHATSAPP))

        assert all(plain(answer) == kept for answer in answers)
        assert len(kept["token"]) == 1

    async def test_concurrent_changes_of_different_settings_all_stay(
        self, register: ChannelRegister, other_register: ChannelRegister, project: Project
    ) -> None:
        await asyncio.gather(
            *(
                one.set(project.project_id, WHATSAPP, {f"setting {n} {which}": [str(n)]})
                for n in range(5)
                for which, one in enumerate((register, other_register))
            )
        )

        assert len(await register.get(project.project_id, WHATSAPP)) == 10

    async def test_the_projects_with_a_value_are_found_in_order(
        self, register: ChannelRegister, other_register: ChannelRegister, projects: ProjectRegister
    ) -> None:
        four = [a_project() for _ in range(4)]
        chosen = (["1", "2"], ["2"], ["3"], ["2", "1"])
        for project, ids in zip(four, chosen, strict=True):
            await projects.add(project)
            await register.set(project.project_id, WHATSAPP, {"ids": ids, "token": ["9"]})

        found = await other_register.projects_with(WHATSAPP, "ids", "2")

        assert list(found) == sorted(four[index].project_id for index in (0, 1, 3))

    async def test_of_several_values_those_of_each_project_are_found_at_once(
        self, register: ChannelRegister, other_register: ChannelRegister, projects: ProjectRegister
    ) -> None:
        three = sorted((a_project() for _ in range(3)), key=lambda one: one.project_id)
        chosen = (["1", "2", "22"], ["3"], ["4", "1"])
        for project, ids in zip(three, chosen, strict=True):
            await projects.add(project)
            await register.set(project.project_id, WHATSAPP, {"ids": ids, "token": ["3"]})

        found = await other_register.projects_with_any(WHATSAPP, "ids", ["2", "1", "5"])

        assert {one: list(values) for one, values in found.items()} == {
            three[0].project_id: ["2", "1"],
            three[2].project_id: ["1"],
        }
        assert list(found) == [three[0].project_id, three[2].project_id]
        assert dict(await register.projects_with_any(WHATSAPP, "ids", [])) == {}

    async def test_a_value_counts_for_its_own_setting_and_channel_alone(
        self, register: ChannelRegister, project: Project
    ) -> None:
        await register.set(project.project_id, WHATSAPP, {"ids": ["1"], "token": ["2"]})

        for channel, name, value in (
            (WHATSAPP, "ids", "2"),
            (WHATSAPP, "token", "1"),
            (WHATSAPP, "names", "1"),
            ("telegram", "ids", "1"),
        ):
            assert list(await register.projects_with(channel, name, value)) == []

    async def test_a_value_is_found_for_as_long_as_it_is_set(
        self, register: ChannelRegister, project: Project
    ) -> None:
        await register.set(project.project_id, WHATSAPP, {"ids": ["1", "2"]})
        await register.set(project.project_id, WHATSAPP, {"ids": ["2"]})

        assert list(await register.projects_with(WHATSAPP, "ids", "1")) == []
        assert list(await register.projects_with(WHATSAPP, "ids", "2")) == [project.project_id]

    @pytest.mark.parametrize(
        "value", ["12", "a$b", 'q"uote', "back\\slash", "ü🙂", "a,b", "nul\0x"]
    )
    async def test_a_value_is_found_as_a_whole_whatever_is_in_it(
        self, register: ChannelRegister, project: Project, other_project: Project, value: str
    ) -> None:
        await register.set(project.project_id, WHATSAPP, {"ids": ["0", value]})
        await register.set(other_project.project_id, WHATSAPP, {"ids": [value[:-1], value + "0"]})

        assert list(await register.projects_with(WHATSAPP, "ids", value)) == [project.project_id]

    @pytest.mark.parametrize("value", ["", ",", '","', '"1"', "%", "$ne", ".*", "\0", "\ud800"])
    async def test_what_nobody_has_set_is_nobodys(
        self, register: ChannelRegister, project: Project, value: str
    ) -> None:
        await register.set(project.project_id, WHATSAPP, {"ids": ["1", "2"]})

        assert list(await register.projects_with(WHATSAPP, "ids", value)) == []
