"""
While a place is free nobody is refused.

What is taken above a lowered limit keeps as many of the highest holes closed.
"""

import pytest

from application.ports.lead_archive import LeadArchive
from application.ports.lead_ledger import LeadLedger
from domain.capture import KeptAs, NotKeptBecause
from domain.project import Project
from tests.contracts.recording import (
    DECEMBER,
    NOVEMBER,
    PLAN_FULL,
    MakeHole,
    fill,
    hows,
    kept,
    record,
    record_one,
)
from tests.support.builders import a_capture


class HolesContract:
    async def test_holes_are_used_before_anybody_is_refused(
        self, ledger: LeadLedger, archive: LeadArchive, make_hole: MakeHole, project: Project
    ) -> None:
        await fill(ledger, project, 5, limit=5)
        for place in (1, 3, 5):
            await make_hole(project, NOVEMBER, place)

        outcomes = await record(ledger, *(a_capture(project) for _ in range(4)), limit=5)

        assert hows(outcomes) == [KeptAs.NEW] * 3 + [NotKeptBecause.PLAN_FULL]
        assert await archive.places_taken(project.project_id, NOVEMBER) == 5

    async def test_a_ledger_that_never_saw_the_month_finds_its_holes(
        self,
        ledger: LeadLedger,
        other_ledger: LeadLedger,
        make_hole: MakeHole,
        project: Project,
    ) -> None:
        await fill(ledger, project, 4, limit=4)
        await make_hole(project, NOVEMBER, 2)

        outcomes = await record(other_ledger, *(a_capture(project) for _ in range(2)), limit=4)

        assert hows(outcomes) == [KeptAs.NEW, NotKeptBecause.PLAN_FULL]

    async def test_places_above_the_highest_and_holes_below_it_are_used_together(
        self, ledger: LeadLedger, make_hole: MakeHole, project: Project
    ) -> None:
        await fill(ledger, project, 4, limit=6)
        await make_hole(project, NOVEMBER, 1)
        await make_hole(project, NOVEMBER, 2)

        outcomes = await record(ledger, *(a_capture(project) for _ in range(5)), limit=6)

        assert hows(outcomes) == [KeptAs.NEW] * 4 + [NotKeptBecause.PLAN_FULL]

    async def test_holes_of_another_month_or_project_are_no_places_of_this_one(
        self,
        ledger: LeadLedger,
        make_hole: MakeHole,
        project: Project,
        other_project: Project,
    ) -> None:
        await fill(ledger, project, 3, limit=3)
        await fill(ledger, other_project, 3, limit=3)
        await record(ledger, *(a_capture(project) for _ in range(3)), limit=3, month=DECEMBER)
        await make_hole(other_project, NOVEMBER, 1)
        await make_hole(project, DECEMBER, 2)

        assert await record_one(ledger, a_capture(project), limit=3) == PLAN_FULL

    @pytest.mark.parametrize(
        ("taken", "holes", "lowered_to", "kept_then"),
        [
            # 9 and 10 are taken above 8, so the holes 4 and 6 stay closed: 7 + 1 = 8.
            (10, (2, 4, 6), 8, 1),
            # Nothing is left below the limit that would not make more than 7 in all.
            (10, (2, 4, 6), 7, 0),
            (10, (2, 4, 6), 9, 2),
            (10, (2, 4, 6), 10, 3),
            (10, (2, 4, 6), 5, 0),
            # A hole above the lowered limit is no place.
            (6, (1, 6), 5, 1),
            (6, (5, 6), 4, 0),
            # Every place below is free, but those above hold them.
            (6, (1, 2, 3), 3, 0),
            (6, (1, 2, 3, 4), 3, 1),
        ],
    )
    async def test_the_highest_holes_stay_closed_for_what_is_taken_above_a_lowered_limit(
        self,
        ledger: LeadLedger,
        archive: LeadArchive,
        make_hole: MakeHole,
        project: Project,
        taken: int,
        holes: tuple[int, ...],
        lowered_to: int,
        kept_then: int,
    ) -> None:
        await fill(ledger, project, taken, limit=taken)
        for place in holes:
            await make_hole(project, NOVEMBER, place)

        outcomes = await record(ledger, *(a_capture(project) for _ in range(5)), limit=lowered_to)

        assert hows(outcomes) == [KeptAs.NEW] * kept_then + [NotKeptBecause.PLAN_FULL] * (
            5 - kept_then
        )
        left = taken - len(holes)
        assert await archive.places_taken(project.project_id, NOVEMBER) == left + kept_then

    async def test_closed_holes_open_when_the_limit_is_raised_again(
        self, ledger: LeadLedger, archive: LeadArchive, make_hole: MakeHole, project: Project
    ) -> None:
        await fill(ledger, project, 10, limit=10)
        for place in (2, 4, 6):
            await make_hole(project, NOVEMBER, place)
        await record(ledger, *(a_capture(project) for _ in range(3)), limit=8)

        outcomes = await record(ledger, *(a_capture(project) for _ in range(4)), limit=10)

        assert len(kept(outcomes)) == 2
        assert await archive.places_taken(project.project_id, NOVEMBER) == 10

    async def test_holes_count_when_a_limit_is_given_to_a_month_without_one(
        self, ledger: LeadLedger, make_hole: MakeHole, project: Project
    ) -> None:
        await fill(ledger, project, 6, limit=None)
        await make_hole(project, NOVEMBER, 2)
        await make_hole(project, NOVEMBER, 3)

        outcomes = await record(ledger, *(a_capture(project) for _ in range(3)), limit=5)

        assert hows(outcomes) == [KeptAs.NEW, NotKeptBecause.PLAN_FULL, NotKeptBecause.PLAN_FULL]
