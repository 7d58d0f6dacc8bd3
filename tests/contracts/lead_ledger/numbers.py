"""A lead has a number of its own, and a batch has as many outcomes as captures."""

from application.ports.lead_archive import LeadArchive
from application.ports.lead_ledger import LeadLedger
from domain.capture import Kept, KeptAs
from domain.project import Project
from tests.contracts.lead_ledger.idempotency import a_keyed_capture
from tests.contracts.recording import (
    NOVEMBER,
    PassTime,
    fill,
    kept,
    lead_id_of,
    leads_of,
    record,
    record_one,
)
from tests.support.builders import a_capture


class NumbersContract:
    async def test_the_first_lead_of_a_project_is_1(
        self, ledger: LeadLedger, project: Project, other_project: Project
    ) -> None:
        outcomes = [await record_one(ledger, a_capture(p)) for p in (project, other_project)]

        assert outcomes == [Kept(1, KeptAs.NEW), Kept(1, KeptAs.NEW)]

    async def test_later_leads_have_higher_numbers(
        self, ledger: LeadLedger, project: Project
    ) -> None:
        outcomes = [*await fill(ledger, project, 3), *await fill(ledger, project, 3)]
        numbers = [lead_id_of(outcome) for outcome in outcomes]

        assert numbers == sorted(set(numbers))
        assert len(numbers) == 6

    async def test_a_later_lead_gets_no_number_that_was_left_out_before(
        self,
        ledger: LeadLedger,
        other_ledger: LeadLedger,
        pass_time: PassTime,
        project: Project,
    ) -> None:
        await record_one(ledger, a_keyed_capture(project))
        new = [a_capture(project) for _ in range(2)]
        outcomes = await record(other_ledger, a_keyed_capture(project), *new)
        pass_time(3600)

        late = await record_one(ledger, a_capture(project))

        assert lead_id_of(late) > max(lead_id_of(outcome) for outcome in outcomes)

    async def test_two_ledgers_never_give_one_number_twice(
        self,
        ledger: LeadLedger,
        other_ledger: LeadLedger,
        archive: LeadArchive,
        project: Project,
    ) -> None:
        outcomes = [
            *await fill(ledger, project, 2),
            *await fill(other_ledger, project, 3),
            *await fill(ledger, project, 2),
            *await fill(other_ledger, project, 1),
        ]
        numbers = {lead_id_of(outcome) for outcome in outcomes}

        assert len(numbers) == 8
        assert {lead.lead_id for lead in await leads_of(archive, project)} == numbers

    async def test_the_outcomes_are_in_the_order_of_the_captures(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project, other_project: Project
    ) -> None:
        captures = [a_capture(p) for p in (project, other_project, other_project, project)]

        outcomes = await record(ledger, *captures)

        assert len(outcomes) == len(captures)
        for capture, outcome in zip(captures, outcomes, strict=True):
            lead = await archive.get(capture.project_id, lead_id_of(outcome))
            assert lead is not None
            assert lead.request_id == capture.request_id

    async def test_an_empty_batch_has_no_outcomes(self, ledger: LeadLedger) -> None:
        assert await record(ledger) == []

    async def test_what_one_ledger_kept_every_reader_sees_at_once(
        self, other_ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        capture = a_capture(project)

        lead_id = lead_id_of(await record_one(other_ledger, capture))
        lead = await archive.get(project.project_id, lead_id)

        assert lead is not None
        assert lead.details == capture.details

    async def test_the_same_batch_again_gives_the_same_leads_and_takes_no_place(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        captures = [a_capture(project) for _ in range(3)]

        first = await record(ledger, *captures, limit=3)
        again = await record(ledger, *captures, limit=3)

        assert kept(again) == kept(first)
        assert len(again) == 3
        assert await archive.places_taken(project.project_id, NOVEMBER) == 3
        assert len(await leads_of(archive, project)) == 3

    async def test_a_batch_that_another_process_recorded_already_is_not_recorded_again(
        self,
        ledger: LeadLedger,
        other_ledger: LeadLedger,
        archive: LeadArchive,
        project: Project,
    ) -> None:
        captures = [a_capture(project) for _ in range(3)]

        first = await record(ledger, *captures[:2])
        again = await record(other_ledger, *captures)

        assert again[:2] == first
        assert len(await leads_of(archive, project)) == 3

    async def test_one_capture_twice_in_a_batch_is_one_lead(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        capture = a_capture(project)

        first, second = await record(ledger, capture, capture)

        assert lead_id_of(first) == lead_id_of(second)
        assert len(await leads_of(archive, project)) == 1

    async def test_two_equal_calls_make_two_leads(
        self, ledger: LeadLedger, project: Project
    ) -> None:
        details = a_capture(project).details

        first, second = await record(
            ledger, a_capture(project, details=details), a_capture(project, details=details)
        )

        assert lead_id_of(first) != lead_id_of(second)
