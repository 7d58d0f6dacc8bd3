"""A lead that counts holds one place of its month, and the limit is exact."""

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
    lead_id_of,
    leads_of,
    record,
    record_one,
)
from tests.support.builders import a_capture


class PlacesContract:
    async def test_a_limit_that_is_reached_in_the_middle_of_a_batch_grants_what_is_left(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        outcomes = await record(ledger, *(a_capture(project) for _ in range(5)), limit=3)

        assert hows(outcomes) == [KeptAs.NEW] * 3 + [NotKeptBecause.PLAN_FULL] * 2
        assert await archive.places_taken(project.project_id, NOVEMBER) == 3
        assert len(await leads_of(archive, project)) == 3

    async def test_the_limit_is_exact_from_batch_to_batch(
        self, ledger: LeadLedger, project: Project
    ) -> None:
        first = await record(ledger, *(a_capture(project) for _ in range(2)), limit=5)
        second = await record(ledger, *(a_capture(project) for _ in range(4)), limit=5)
        third = await record(ledger, *(a_capture(project) for _ in range(2)), limit=5)

        assert [len(kept(outcomes)) for outcomes in (first, second, third)] == [2, 3, 0]

    async def test_a_full_month_refuses_who_is_new_among_those_who_are_kept(
        self, ledger: LeadLedger, project: Project, other_project: Project
    ) -> None:
        limits = {project.project_id: 1, other_project.project_id: None}
        first = a_capture(project)
        known = await record(ledger, first, a_capture(project), limit=limits)
        captures = [
            a_capture(project),
            a_capture(other_project),
            first,
            a_capture(project),
            a_capture(project, counts=False),
        ]

        outcomes = await record(ledger, *captures, limit=limits)

        assert known[1] == PLAN_FULL
        assert outcomes[2] == known[0]
        assert hows(outcomes) == [
            NotKeptBecause.PLAN_FULL,
            KeptAs.NEW,
            KeptAs.NEW,
            NotKeptBecause.PLAN_FULL,
            KeptAs.NEW,
        ]

    async def test_two_ledgers_share_the_places_of_a_project(
        self,
        ledger: LeadLedger,
        other_ledger: LeadLedger,
        archive: LeadArchive,
        project: Project,
    ) -> None:
        outcomes = [
            await record_one(one, a_capture(project), limit=5)
            for one in (ledger, other_ledger, other_ledger, ledger, ledger, other_ledger, ledger)
        ]

        assert hows(outcomes) == [KeptAs.NEW] * 5 + [NotKeptBecause.PLAN_FULL] * 2
        assert await archive.places_taken(project.project_id, NOVEMBER) == 5

    async def test_each_project_has_its_own_limit(
        self, ledger: LeadLedger, project: Project, other_project: Project
    ) -> None:
        captures = [a_capture(p) for p in (project, other_project) * 3]
        limits = {project.project_id: 1, other_project.project_id: None}

        outcomes = await record(ledger, *captures, limit=limits)

        assert hows(outcomes[::2]) == [
            KeptAs.NEW,
            NotKeptBecause.PLAN_FULL,
            NotKeptBecause.PLAN_FULL,
        ]
        assert hows(outcomes[1::2]) == [KeptAs.NEW] * 3

    async def test_a_limit_of_none_at_all_refuses_everybody(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        outcome = await record_one(ledger, a_capture(project), limit=0)

        assert outcome == PLAN_FULL
        assert await leads_of(archive, project) == []

    async def test_a_refused_capture_may_come_again(
        self, ledger: LeadLedger, project: Project
    ) -> None:
        capture = a_capture(project)
        refused = await record_one(ledger, capture, limit=0)

        again = await record_one(ledger, capture, limit=1)

        assert hows([refused, again]) == [NotKeptBecause.PLAN_FULL, KeptAs.NEW]

    async def test_a_new_month_has_all_its_places(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        november = await record(ledger, *(a_capture(project) for _ in range(3)), limit=2)
        december = await record(
            ledger, *(a_capture(project) for _ in range(3)), limit=2, month=DECEMBER
        )

        assert (
            hows(november) == hows(december) == [KeptAs.NEW, KeptAs.NEW, NotKeptBecause.PLAN_FULL]
        )
        assert await archive.places_taken(project.project_id, NOVEMBER) == 2
        assert await archive.places_taken(project.project_id, DECEMBER) == 2

    async def test_the_numbers_go_on_in_a_new_month(
        self, ledger: LeadLedger, project: Project
    ) -> None:
        november = await record_one(ledger, a_capture(project))
        december = await record_one(ledger, a_capture(project), month=DECEMBER)

        assert lead_id_of(december) > lead_id_of(november)

    async def test_a_clock_that_falls_back_finds_the_old_month_as_full_as_it_was(
        self, ledger: LeadLedger, project: Project
    ) -> None:
        await fill(ledger, project, 2, limit=2)
        await record_one(ledger, a_capture(project), limit=2, month=DECEMBER)

        late = await record_one(ledger, a_capture(project), limit=2)

        assert late == PLAN_FULL

    async def test_leads_that_do_not_count_take_no_place(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        captures = [a_capture(project, counts=number % 2 == 0) for number in range(6)]

        outcomes = await record(ledger, *captures, limit=3)

        assert hows(outcomes) == [KeptAs.NEW] * 6
        assert await archive.places_taken(project.project_id, NOVEMBER) == 3

    async def test_a_lead_that_does_not_count_is_kept_in_a_full_month(
        self, ledger: LeadLedger, project: Project
    ) -> None:
        counting, not_counting = await record(
            ledger, a_capture(project), a_capture(project, counts=False), limit=0
        )

        assert counting == PLAN_FULL
        assert hows([not_counting]) == [KeptAs.NEW]

    async def test_a_limit_that_is_given_later_counts_what_is_there(
        self, ledger: LeadLedger, project: Project
    ) -> None:
        await fill(ledger, project, 4, limit=None)

        outcomes = await record(ledger, *(a_capture(project) for _ in range(3)), limit=5)

        assert hows(outcomes) == [KeptAs.NEW, NotKeptBecause.PLAN_FULL, NotKeptBecause.PLAN_FULL]

    async def test_a_lowered_limit_refuses_and_a_raised_one_keeps_again(
        self, ledger: LeadLedger, other_ledger: LeadLedger, project: Project
    ) -> None:
        await fill(ledger, project, 4, limit=10)

        for one in (ledger, other_ledger):
            assert await record_one(one, a_capture(project), limit=3) == PLAN_FULL
            assert await record_one(one, a_capture(project), limit=4) == PLAN_FULL

        raised = [
            await record_one(one, a_capture(project), limit=6)
            for one in (other_ledger, ledger, other_ledger)
        ]
        unlimited = await record_one(ledger, a_capture(project), limit=None)

        assert hows(raised) == [KeptAs.NEW, KeptAs.NEW, NotKeptBecause.PLAN_FULL]
        assert hows([unlimited]) == [KeptAs.NEW]


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
