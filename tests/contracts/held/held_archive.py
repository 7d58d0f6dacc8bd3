"""
What every `HeldArchive` does.

Subclass and provide `held_archive`, `held_ledger` and `projects` over one empty store.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from application.ports.held_archive import HeldArchive
from application.ports.held_ledger import HeldLedger
from domain.held import NUMBER_NOT_LISTED, PLAN_LIMIT_REACHED, UNREADABLE, HeldCall, HeldQuery
from domain.project import Project
from tests.contracts.held.held_archive_survey import SurveyContract
from tests.contracts.held.holding import held_by
from tests.support.builders import NOW, a_held_call, a_project

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
        assert await held_archive.counts(nobody.project_id) == {}
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

    async def test_what_is_held_is_counted_by_code(
        self, held_ledger: HeldLedger, held_archive: HeldArchive, calls: Sequence[HeldCall]
    ) -> None:
        project_id = calls[0].project_id
        await held_ledger.remove(project_id, [calls[1].held_id])
        assert await held_archive.counts(project_id) == {PLAN_LIMIT_REACHED: 3, UNREADABLE: 2}

        await held_ledger.move(project_id, [calls[3].held_id, calls[5].held_id], PLAN_LIMIT_REACHED)

        assert await held_archive.counts(project_id) == {PLAN_LIMIT_REACHED: 5}
