"""A lead that counts holds one place of its month, and the limit is exact."""

from application.ports.lead_archive import LeadArchive
from application.ports.lead_ledger import LeadLedger
from domain.capture import KeptAs, NotKeptBecause
from domain.project import Project
from tests.contracts.recording import (
    DECEMBER,
    NOVEMBER,
    PLAN_FULL,
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
