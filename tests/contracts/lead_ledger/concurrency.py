"""Unique indexes decide, whichever processes write at the same time."""

import asyncio

from application.ports.lead_archive import LeadArchive
from application.ports.lead_ledger import LeadLedger
from domain.capture import KeptAs, NotKeptBecause, Outcome
from domain.project import Project
from tests.contracts.lead_ledger.idempotency import OTHER_LEAD, a_keyed_capture
from tests.contracts.people import PHONE, USER_ID, a_written_message, message_ids
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


class ConcurrencyContract:
    async def test_concurrent_captures_over_two_ledgers_fill_the_month_exactly(
        self,
        ledger: LeadLedger,
        other_ledger: LeadLedger,
        archive: LeadArchive,
        project: Project,
    ) -> None:
        outcomes = await asyncio.gather(
            *(
                record_one(one, a_capture(project), limit=20)
                for _ in range(25)
                for one in (ledger, other_ledger)
            )
        )
        numbers = {lead_id_of(outcome) for outcome in kept(outcomes)}

        assert len(numbers) == len(kept(outcomes)) == 20
        assert outcomes.count(PLAN_FULL) == 30
        assert {lead.lead_id for lead in await leads_of(archive, project)} == numbers
        assert await archive.places_taken(project.project_id, NOVEMBER) == 20

    async def test_concurrent_batches_fill_the_month_exactly(
        self,
        ledger: LeadLedger,
        other_ledger: LeadLedger,
        archive: LeadArchive,
        project: Project,
    ) -> None:
        batches = await asyncio.gather(
            *(
                record(one, *(a_capture(project) for _ in range(5)), limit=23)
                for _ in range(3)
                for one in (ledger, other_ledger)
            )
        )

        assert sum(len(kept(outcomes)) for outcomes in batches) == 23
        assert await archive.places_taken(project.project_id, NOVEMBER) == 23

    async def test_the_first_leads_of_a_month_may_come_at_the_same_time(
        self, ledger: LeadLedger, other_ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        await fill(ledger, project, 2, limit=2)

        outcomes = await asyncio.gather(
            *(
                record_one(one, a_capture(project), limit=2, month=DECEMBER)
                for one in (ledger, other_ledger, ledger)
            )
        )

        assert len(kept(outcomes)) == 2
        assert await archive.places_taken(project.project_id, DECEMBER) == 2

    async def test_two_ledgers_that_reach_for_one_hole_are_decided(
        self,
        ledger: LeadLedger,
        other_ledger: LeadLedger,
        make_hole: MakeHole,
        project: Project,
    ) -> None:
        await fill(ledger, project, 5, limit=5)
        await make_hole(project, NOVEMBER, 3)

        outcomes = await asyncio.gather(
            *(record_one(one, a_capture(project), limit=5) for one in (ledger, other_ledger))
        )

        assert sorted(map(str, hows(outcomes))) == sorted(
            map(str, [KeptAs.NEW, NotKeptBecause.PLAN_FULL])
        )

    async def test_one_idempotency_key_at_the_same_time_is_one_lead(
        self, ledger: LeadLedger, other_ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        outcomes: list[Outcome] = await asyncio.gather(
            *(
                record_one(one, a_keyed_capture(project), limit=1)
                for _ in range(10)
                for one in (ledger, other_ledger)
            )
        )

        assert len({lead_id_of(outcome) for outcome in outcomes}) == 1
        assert hows(outcomes).count(KeptAs.NEW) == 1
        assert hows(outcomes).count(KeptAs.REPLAYED) == 19
        assert len(await leads_of(archive, project)) == 1

    async def test_one_key_for_two_leads_at_the_same_time_is_one_of_them(
        self, ledger: LeadLedger, other_ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        outcomes = await asyncio.gather(
            record_one(ledger, a_keyed_capture(project)),
            record_one(other_ledger, a_keyed_capture(project, fingerprint=OTHER_LEAD)),
        )

        assert {KeptAs.NEW, NotKeptBecause.KEY_REUSED} == set(hows(outcomes))
        assert len(await leads_of(archive, project)) == 1

    async def test_one_message_delivered_many_times_at_once_is_one_lead(
        self, ledger: LeadLedger, other_ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        outcomes = await asyncio.gather(
            *(
                record_one(one, a_written_message(project, PHONE, message_id="m1"), limit=1)
                for _ in range(10)
                for one in (ledger, other_ledger)
            )
        )

        # Where the lead is written before its message, another may add the message to it.
        assert hows(outcomes).count(KeptAs.NEW) == 1
        assert hows(outcomes).count(KeptAs.KNOWN_PERSON) <= 1
        (lead_id,) = {lead_id_of(outcome) for outcome in outcomes}
        assert await message_ids(archive, project, lead_id) == ["m1"]

    async def test_one_person_who_writes_much_at_once_is_one_lead(
        self, ledger: LeadLedger, other_ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        names = [(PHONE,), (USER_ID, PHONE)]
        outcomes = await asyncio.gather(
            *(
                record_one(one, a_written_message(project, *names[number % 2]))
                for number in range(10)
                for one in (ledger, other_ledger)
            )
        )

        (lead_id,) = {lead_id_of(outcome) for outcome in outcomes}
        assert hows(outcomes).count(KeptAs.NEW) == 1
        assert len(set(await message_ids(archive, project, lead_id))) == 20

    async def test_a_busy_project_changes_no_limit_of_another(
        self,
        ledger: LeadLedger,
        other_ledger: LeadLedger,
        project: Project,
        other_project: Project,
    ) -> None:
        outcomes = await asyncio.gather(
            *(
                record_one(one, a_capture(which), limit=limit)
                for _ in range(5)
                for which, limit in ((project, 3), (other_project, 7))
                for one in (ledger, other_ledger)
            )
        )

        assert len(kept(outcomes)) == 10
