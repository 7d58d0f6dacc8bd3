"""What is held too long, or too much of, goes: the oldest first."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from application.ports.held_archive import HeldArchive
from application.ports.held_ledger import HeldLedger
from domain.held import LINES, PLAN_LIMIT_REACHED, UNREADABLE, HeldCall
from domain.project import Project
from tests.contracts.held.holding import TwoProjects, held_by
from tests.support.builders import NOW, a_held_call

LONG_AGO = NOW - timedelta(days=365)


def days(count: int) -> timedelta:
    return timedelta(days=count)


class PruningContract(TwoProjects):
    many = 1_000

    @pytest.fixture
    async def calls(self, held_ledger: HeldLedger, project: Project) -> Sequence[HeldCall]:
        """Six of one code, a day apart, of which the last came now."""
        calls = [a_held_call(project, at=NOW - days(5 - number)) for number in range(6)]
        await held_ledger.hold(calls)
        return calls

    async def test_what_came_before_a_moment_goes(
        self,
        held_ledger: HeldLedger,
        held_archive: HeldArchive,
        project: Project,
        calls: Sequence[HeldCall],
    ) -> None:
        removed = await held_ledger.prune(
            project.project_id, PLAN_LIMIT_REACHED, most=self.many, before=calls[2].at
        )

        assert removed == 2
        assert await held_by(held_archive, project) == calls[2:]

    async def test_what_was_counted_again_since_that_moment_stays(
        self, held_ledger: HeldLedger, held_archive: HeldArchive, project: Project
    ) -> None:
        repeated = a_held_call(project, at=LONG_AGO, times=2, last_at=NOW)
        too_old = a_held_call(project, at=LONG_AGO, times=2, last_at=NOW - days(1))
        await held_ledger.hold([repeated, too_old])

        removed = await held_ledger.prune(
            project.project_id, PLAN_LIMIT_REACHED, most=self.many, before=NOW
        )

        assert removed == 1
        assert await held_by(held_archive, project) == [repeated]

    async def test_of_too_many_the_oldest_go(
        self,
        held_ledger: HeldLedger,
        held_archive: HeldArchive,
        project: Project,
        calls: Sequence[HeldCall],
    ) -> None:
        removed = await held_ledger.prune(
            project.project_id, PLAN_LIMIT_REACHED, most=4, before=LONG_AGO
        )

        assert removed == 2
        assert await held_by(held_archive, project) == calls[2:]

    @pytest.mark.parametrize(("most", "before_index", "left"), [(2, 3, 2), (4, 3, 3), (0, 0, 0)])
    async def test_the_stricter_of_age_and_number_counts(
        self,
        held_ledger: HeldLedger,
        held_archive: HeldArchive,
        project: Project,
        calls: Sequence[HeldCall],
        most: int,
        before_index: int,
        left: int,
    ) -> None:
        removed = await held_ledger.prune(
            project.project_id, PLAN_LIMIT_REACHED, most=most, before=calls[before_index].at
        )

        assert removed == 6 - left
        assert await held_by(held_archive, project) == calls[6 - left :]

    async def test_what_is_young_and_few_stays(
        self,
        held_ledger: HeldLedger,
        held_archive: HeldArchive,
        project: Project,
        calls: Sequence[HeldCall],
    ) -> None:
        removed = await held_ledger.prune(
            project.project_id, PLAN_LIMIT_REACHED, most=6, before=calls[0].at
        )

        assert removed == 0
        assert await held_by(held_archive, project) == calls

    async def test_other_codes_and_other_projects_keep_theirs(
        self,
        held_ledger: HeldLedger,
        held_archive: HeldArchive,
        project: Project,
        other_project: Project,
        calls: Sequence[HeldCall],
    ) -> None:
        other_code = [a_held_call(project, at=LONG_AGO, code=UNREADABLE) for _ in range(3)]
        other_owner = [a_held_call(other_project, at=LONG_AGO) for _ in range(3)]
        await held_ledger.hold([*other_code, *other_owner])

        removed = await held_ledger.prune(
            project.project_id, PLAN_LIMIT_REACHED, most=0, before=NOW
        )

        assert removed == len(calls)
        assert await held_by(held_archive, project) == other_code
        assert await held_by(held_archive, other_project) == other_owner

    @pytest.mark.parametrize("line", LINES)
    async def test_lines_go_as_what_is_held_does(
        self, held_ledger: HeldLedger, held_archive: HeldArchive, project: Project, line: str
    ) -> None:
        lines = [
            a_held_call(project, code=line, at=at, body="", capture=None)
            for at in (LONG_AGO, NOW, NOW)
        ]
        await held_ledger.hold(lines)

        removed = await held_ledger.prune(project.project_id, line, most=1, before=NOW)

        assert removed == 2
        assert await held_by(held_archive, project) == lines[2:]

    async def test_where_nothing_is_held_nothing_goes(
        self, held_ledger: HeldLedger, project: Project
    ) -> None:
        removed = await held_ledger.prune(
            project.project_id, PLAN_LIMIT_REACHED, most=0, before=NOW
        )

        assert removed == 0

    async def test_two_that_prune_at_the_same_time_leave_as_many_as_one(
        self,
        held_ledger: HeldLedger,
        other_held_ledger: HeldLedger,
        held_archive: HeldArchive,
        project: Project,
    ) -> None:
        calls = [a_held_call(project) for _ in range(self.many)]
        await held_ledger.hold(calls)

        removed = await asyncio.gather(
            *(
                one.prune(project.project_id, PLAN_LIMIT_REACHED, most=100, before=LONG_AGO)
                for one in (held_ledger, other_held_ledger)
            )
        )

        assert sum(removed) == self.many - 100
        assert await held_by(held_archive, project) == calls[-100:]
