"""
What every `HeldArchive` does.

Subclass and provide `held_archive`, `held_ledger` and `projects` over one empty store.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from application.ports.held_archive import HeldArchive
from application.ports.held_ledger import HeldLedger
from application.ports.project_register import ProjectRegister
from domain.held import (
    LINES,
    NUMBER_NOT_LISTED,
    PLAN_LIMIT_REACHED,
    UNREADABLE,
    HeldCall,
    HeldQuery,
    HeldRoom,
)
from domain.identity import Identity
from domain.lead import LeadDetails
from domain.project import Project
from tests.contracts.held.holding import TwoProjects, held_by
from tests.support.builders import NOW, a_capture, a_held_call, a_phone, a_project


class SurveyContract(TwoProjects):
    async def test_origins_are_counted_for_one_channel_and_code_of_the_project(
        self,
        held_ledger: HeldLedger,
        held_archive: HeldArchive,
        project: Project,
        other_project: Project,
    ) -> None:
        here = {"channel": "whatsapp", "code": NUMBER_NOT_LISTED}
        mine = [a_held_call(project, origin=origin, **here) for origin in ("1", "$a.b", "1", None)]
        others = [
            a_held_call(project, origin="2", **here | {"channel": "rest"}),
            a_held_call(project, origin="3", **here | {"code": UNREADABLE}),
            a_held_call(other_project, origin="4", **here),
        ]
        await held_ledger.hold([*mine, *others])

        found = await held_archive.origins(project.project_id, "whatsapp", NUMBER_NOT_LISTED)

        assert found == {"1": 2, "$a.b": 1}

    async def test_the_persons_are_those_of_one_channel_and_code_of_the_project(
        self,
        held_ledger: HeldLedger,
        held_archive: HeldArchive,
        project: Project,
        other_project: Project,
    ) -> None:
        one, two, odd = a_phone("1"), Identity("user", "2"), Identity("user", '"$ü\\')

        def held_of(which: Project, *identities: Identity, **fields: Any) -> HeldCall:
            capture = a_capture(which, channel="whatsapp", identities=identities)
            return a_held_call(which, channel="whatsapp", capture=capture, **fields)

        mine = [held_of(project, one, two), held_of(project, one), held_of(project, odd)]
        others = [
            held_of(project, Identity("user", "3"), code=UNREADABLE),
            held_of(other_project, Identity("user", "4")),
            a_held_call(project, capture=a_capture(project, identities=(a_phone("5"),))),
            a_held_call(project, channel="whatsapp", capture=None),
            held_of(project),
        ]
        await held_ledger.hold([*mine, *others])

        found = await held_archive.persons(project.project_id, "whatsapp", PLAN_LIMIT_REACHED)

        assert found == {one, two, odd}

    async def test_the_projects_that_hold_something_are_named_once_and_in_order(
        self, held_ledger: HeldLedger, held_archive: HeldArchive, projects: ProjectRegister
    ) -> None:
        five = [a_project() for _ in range(5)]
        for project in five:
            await projects.add(project)
        await held_ledger.hold([a_held_call(project) for project in five[:4] for _ in range(3)])
        await held_ledger.hold([a_held_call(five[4], code=UNREADABLE)])

        assert await held_archive.projects(PLAN_LIMIT_REACHED) == sorted(
            project.project_id for project in five[:4]
        )
        assert await held_archive.projects(UNREADABLE) == [five[4].project_id]
        assert await held_archive.projects(NUMBER_NOT_LISTED) == []

    async def test_a_project_is_named_for_as_long_as_it_holds_something(
        self, held_ledger: HeldLedger, held_archive: HeldArchive, project: Project
    ) -> None:
        one, other = a_held_call(project), a_held_call(project)
        await held_ledger.hold([one, other])

        await held_ledger.remove(project.project_id, [one.held_id])
        assert await held_archive.projects(one.code) == [project.project_id]
        await held_ledger.move(project.project_id, [other.held_id], UNREADABLE)

        assert await held_archive.projects(one.code) == []
        assert await held_archive.projects(UNREADABLE) == [project.project_id]


MORE_THAN_A_STATEMENT_HAS_ROOM_FOR = 40_000


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


class HeldArchiveContract(SurveyContract):
    @pytest.fixture
    async def calls(
        self, held_ledger: HeldLedger, project: Project, other_project: Project
    ) -> Sequence[HeldCall]:
        """Six of one project, a minute apart, of two codes in turn; and another project's."""
        calls = [
            a_held_call(
                which,
                code=(PLAN_LIMIT_REACHED, UNREADABLE)[number % 2],
                at=NOW + minutes(number),
            )
            for number in range(6)
            for which in (project, other_project)
        ]
        await held_ledger.hold(calls[::-1])
        return calls[::2]

    async def positions(
        self, archive: HeldArchive, calls: Sequence[HeldCall], **query: Any
    ) -> list[int]:
        """Which of *calls* the query names."""
        project_id = calls[0].project_id
        wanted = HeldQuery(project_id=project_id, **query)
        return [calls.index(call) for call in await archive.page(wanted, after=None, limit=100)]

    async def test_a_project_that_holds_nothing_has_nothing_to_show(
        self, held_archive: HeldArchive, calls: Sequence[HeldCall]
    ) -> None:
        nobody = a_project()

        assert await held_by(held_archive, nobody) == []
        assert await held_archive.origins(nobody.project_id, "rest", UNREADABLE) == {}
        assert await held_archive.persons(nobody.project_id, "rest", UNREADABLE) == set()

    async def test_the_oldest_are_shown_first_in_whichever_order_they_were_written(
        self, held_archive: HeldArchive, calls: Sequence[HeldCall]
    ) -> None:
        assert await self.positions(held_archive, calls) == [0, 1, 2, 3, 4, 5]

    async def test_pages_follow_each_other_to_an_empty_one(
        self, held_archive: HeldArchive, calls: Sequence[HeldCall]
    ) -> None:
        query = HeldQuery(project_id=calls[0].project_id)

        pages = [
            await held_archive.page(query, after=after, limit=4)
            for after in (None, calls[3].held_id, calls[5].held_id)
        ]

        assert [list(page) for page in pages] == [calls[:4], calls[4:], []]

    async def test_the_newest_are_shown_first_where_that_is_asked_and_pages_go_back_from_there(
        self, held_archive: HeldArchive, calls: Sequence[HeldCall]
    ) -> None:
        query = HeldQuery(project_id=calls[0].project_id, code=UNREADABLE, newest_first=True)

        pages = [
            await held_archive.page(query, after=after, limit=2)
            for after in (None, calls[3].held_id, calls[1].held_id)
        ]

        assert [list(page) for page in pages] == [[calls[5], calls[3]], [calls[1]], []]

    async def test_a_page_may_go_on_from_what_was_removed(
        self, held_ledger: HeldLedger, held_archive: HeldArchive, calls: Sequence[HeldCall]
    ) -> None:
        query = HeldQuery(project_id=calls[0].project_id, code=calls[0].code)
        first = await held_archive.page(query, after=None, limit=2)
        await held_ledger.remove(query.project_id, [call.held_id for call in first])

        page = await held_archive.page(query, after=first[-1].held_id, limit=2)

        assert list(page) == [calls[4]]

    async def test_a_query_names_a_code_a_moment_and_ids(
        self, held_archive: HeldArchive, calls: Sequence[HeldCall]
    ) -> None:
        names = [calls[5].held_id, calls[0].held_id, "held_of_nobody"]

        assert await self.positions(held_archive, calls, code=UNREADABLE) == [1, 3, 5]
        assert await self.positions(held_archive, calls, code=NUMBER_NOT_LISTED) == []
        assert await self.positions(held_archive, calls, since=calls[4].at) == [4, 5]
        later = calls[4].at + timedelta(milliseconds=1)
        assert await self.positions(held_archive, calls, since=later) == [5]
        assert await self.positions(held_archive, calls, held_ids=names) == [0, 5]
        assert await self.positions(held_archive, calls, held_ids=()) == []

    async def test_what_was_sent_again_is_found_by_when_it_was_sent_last(
        self, held_ledger: HeldLedger, held_archive: HeldArchive, project: Project
    ) -> None:
        later = NOW + timedelta(days=1)
        calls = [a_held_call(project), a_held_call(project, times=2, last_at=later)]
        await held_ledger.hold(calls)

        assert await self.positions(held_archive, calls, since=NOW) == [0, 1]
        assert await self.positions(held_archive, calls, since=later) == [1]
        assert await self.positions(held_archive, calls, since=later + timedelta(days=1)) == []

    async def test_all_that_a_query_names_counts_together(
        self, held_archive: HeldArchive, calls: Sequence[HeldCall]
    ) -> None:
        names = [call.held_id for call in calls[1:]]
        query = HeldQuery(
            project_id=calls[0].project_id, code=UNREADABLE, since=calls[2].at, held_ids=names
        )

        page = await held_archive.page(query, after=None, limit=100)
        beyond = await held_archive.page(query, after=calls[3].held_id, limit=100)

        assert list(page) == [calls[3], calls[5]]
        assert list(beyond) == [calls[5]]

    async def test_a_query_names_what_calls_say_whatever_their_code(
        self,
        held_ledger: HeldLedger,
        held_archive: HeldArchive,
        project: Project,
        other_project: Project,
    ) -> None:
        calls = [
            a_held_call(which, says=says, code=code)
            for which, says, code in (
                (project, "a", PLAN_LIMIT_REACHED),
                (project, "b", PLAN_LIMIT_REACHED),
                (project, "a", UNREADABLE),
                (project, None, UNREADABLE),
                (project, "c", UNREADABLE),
                (other_project, "a", UNREADABLE),
            )
        ]
        await held_ledger.hold(calls[::-1])

        assert await self.positions(held_archive, calls) == [0, 1, 2, 3, 4]
        assert await self.positions(held_archive, calls, says={"a"}) == [0, 2]
        assert await self.positions(held_archive, calls, says=["b", "a", "z"]) == [0, 1, 2]
        assert await self.positions(held_archive, calls, says=()) == []

    async def test_a_query_names_a_channel_or_all_others(
        self, held_ledger: HeldLedger, held_archive: HeldArchive, project: Project
    ) -> None:
        channels = ("rest", "whatsapp", "google_ads", "rest", "whatsapp", "rest")
        calls = [
            a_held_call(project, channel=channel, code=(PLAN_LIMIT_REACHED, UNREADABLE)[number > 4])
            for number, channel in enumerate(channels)
        ]
        await held_ledger.hold(calls[::-1])
        of_code = HeldQuery(project_id=project.project_id, code=PLAN_LIMIT_REACHED)

        assert await self.positions(held_archive, calls, channel="rest") == [0, 3, 5]
        assert await self.positions(held_archive, calls, channel="sms") == []
        assert await self.positions(held_archive, calls, but_channel="rest") == [1, 2, 4]
        both = {"channel": "rest", "but_channel": "rest"}
        assert await self.positions(held_archive, calls, **both) == []
        rest, others = replace(of_code, channel="rest"), replace(of_code, but_channel="rest")
        for query, first, then in ((rest, [0], [3]), (others, [1, 2], [4])):
            page = await held_archive.page(query, after=None, limit=len(first))
            assert list(page) == [calls[number] for number in first]
            page = await held_archive.page(query, after=page[-1].held_id, limit=9)
            assert list(page) == [calls[number] for number in then]

    async def test_a_query_names_an_origin_or_asks_for_calls_without_one(
        self, held_ledger: HeldLedger, held_archive: HeldArchive, project: Project
    ) -> None:
        origins = ("shop.example", None, "www.shop.example", "$a.b", "shop.example")
        calls = [a_held_call(project, origin=origin) for origin in origins]
        await held_ledger.hold(calls)

        assert await self.positions(held_archive, calls, origin="shop.example") == [0, 4]
        assert await self.positions(held_archive, calls, origin="$a.b") == [3]
        assert await self.positions(held_archive, calls, origin="hop.example") == []
        assert await self.positions(held_archive, calls, origin="") == [1]

    async def test_ids_of_another_project_name_nothing(
        self, held_archive: HeldArchive, calls: Sequence[HeldCall], other_project: Project
    ) -> None:
        names = [call.held_id for call in calls]

        assert await held_by(held_archive, other_project, held_ids=names) == []

    async def test_any_number_of_ids_may_be_asked_for(
        self, held_archive: HeldArchive, calls: Sequence[HeldCall]
    ) -> None:
        names = [f"held_{number}" for number in range(MORE_THAN_A_STATEMENT_HAS_ROOM_FOR)]

        found = await self.positions(held_archive, calls, held_ids=[*names, calls[1].held_id])

        assert found == [1]

    async def test_lines_are_shown(
        self, held_ledger: HeldLedger, held_archive: HeldArchive, project: Project
    ) -> None:
        lines = [a_held_call(project, code=line, body="", capture=None) for line in LINES]
        await held_ledger.hold(lines)

        assert await held_by(held_archive, project) == lines


class RoomContract(TwoProjects):
    """Of its own, for mongomock cannot follow."""

    async def test_the_room_of_a_code_has_its_calls_and_their_bytes(
        self,
        held_ledger: HeldLedger,
        held_archive: HeldArchive,
        project: Project,
        other_project: Project,
    ) -> None:
        capture = a_capture(project, details=LeadDetails(name="Zoë"))
        calls = [
            a_held_call(project, body="Zoë 🙂", capture=capture),
            a_held_call(project, body="\ufffd", body_base64="/w==", capture=None),
            a_held_call(project, body="", capture=None),
            a_held_call(project, body="another code", code=UNREADABLE, capture=None),
            a_held_call(other_project, body="another project"),
        ]
        await held_ledger.hold(calls[:2])
        await held_ledger.hold_or_count(calls[2:])
        project_id = project.project_id

        size = 9 + len('{"name":"Zoë"}'.encode()) + 3 + 4
        assert await held_archive.room(project_id, PLAN_LIMIT_REACHED) == HeldRoom(3, size)
        assert await held_archive.room(project_id, UNREADABLE) == HeldRoom(1, 12)
        assert await held_archive.room(project_id, NUMBER_NOT_LISTED) == HeldRoom(0, 0)

    async def test_room_is_free_again_and_what_comes_again_takes_none(
        self, held_ledger: HeldLedger, held_archive: HeldArchive, project: Project
    ) -> None:
        calls = [a_held_call(project, body=5 * "x", capture=None) for _ in range(3)]
        await held_ledger.hold_or_count(calls)
        await held_ledger.hold_or_count(calls)
        await held_ledger.remove(project.project_id, [calls[0].held_id])
        await held_ledger.move(project.project_id, [calls[1].held_id], UNREADABLE)

        for code in (PLAN_LIMIT_REACHED, UNREADABLE):
            assert await held_archive.room(project.project_id, code) == HeldRoom(1, 5)
