"""One lead per person and channel; every message is kept once, by its id."""

from application.ports.lead_archive import LeadArchive
from application.ports.lead_ledger import LeadLedger
from domain.capture import Capture, Kept, KeptAs
from domain.identity import Identity
from domain.project import Project
from tests.contracts.people import PHONE, USER_ID, a_written_message, message_ids
from tests.contracts.recording import (
    DECEMBER,
    NOBODY_KNOWN,
    NOVEMBER,
    PLAN_FULL,
    hows,
    lead_id_of,
    leads_of,
    record,
    record_one,
)
from tests.support.builders import a_capture, a_phone


class PersonsContract:
    async def test_a_person_who_writes_again_has_one_lead_with_both_messages(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        first = await record_one(ledger, a_written_message(project, PHONE, message_id="m1"))
        again = await record_one(ledger, a_written_message(project, PHONE, message_id="m2"))

        assert first == Kept(1, KeptAs.NEW)
        assert again == Kept(1, KeptAs.KNOWN_PERSON)
        assert await message_ids(archive, project, 1) == ["m1", "m2"]
        assert await archive.places_taken(project.project_id, NOVEMBER) == 1

    async def test_the_same_person_twice_in_one_batch_is_one_lead(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        outcomes = await record(
            ledger, a_written_message(project, PHONE), a_written_message(project, PHONE), limit=1
        )

        assert outcomes == [Kept(1, KeptAs.NEW), Kept(1, KeptAs.KNOWN_PERSON)]
        assert len(await message_ids(archive, project, 1)) == 2

    async def test_a_second_identity_is_remembered(
        self, ledger: LeadLedger, other_ledger: LeadLedger, project: Project
    ) -> None:
        first = await record_one(ledger, a_written_message(project, PHONE))
        both = await record_one(ledger, a_written_message(project, USER_ID, PHONE))
        later = await record_one(other_ledger, a_written_message(project, USER_ID))

        assert hows([first, both, later]) == [KeptAs.NEW, KeptAs.KNOWN_PERSON, KeptAs.KNOWN_PERSON]
        assert {lead_id_of(outcome) for outcome in (first, both, later)} == {1}

    async def test_a_new_person_is_found_by_every_identity(
        self, ledger: LeadLedger, project: Project
    ) -> None:
        await record_one(ledger, a_written_message(project, USER_ID, PHONE))

        later = [
            await record_one(ledger, a_written_message(project, one)) for one in (PHONE, USER_ID)
        ]

        assert later == [Kept(1, KeptAs.KNOWN_PERSON)] * 2

    async def test_an_identity_is_its_kind_and_its_value(
        self, ledger: LeadLedger, project: Project
    ) -> None:
        outcomes = await record(
            ledger,
            a_written_message(project, Identity("phone", "12345")),
            a_written_message(project, Identity("user_id", "12345")),
            a_written_message(project, Identity("phone", "123456")),
        )

        assert hows(outcomes) == [KeptAs.NEW] * 3

    async def test_persons_are_known_per_project_and_channel(
        self, ledger: LeadLedger, project: Project, other_project: Project
    ) -> None:
        outcomes = await record(
            ledger,
            a_written_message(project, PHONE),
            a_written_message(other_project, PHONE),
            a_written_message(project, PHONE, channel="telegram"),
        )

        assert hows(outcomes) == [KeptAs.NEW] * 3

    async def test_leads_without_identities_are_never_one_person(
        self, ledger: LeadLedger, project: Project
    ) -> None:
        outcomes = await record(
            ledger, *(a_written_message(project, identities=()) for _ in range(2))
        )

        assert hows(outcomes) == [KeptAs.NEW, KeptAs.NEW]

    async def test_the_same_message_twice_is_one_message(
        self, ledger: LeadLedger, other_ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        await record_one(ledger, a_written_message(project, PHONE, message_id="m1"))

        again = [
            await record_one(one, a_written_message(project, PHONE, message_id="m1"))
            for one in (ledger, other_ledger)
        ]
        in_one_batch = await record(
            ledger, *(a_written_message(project, PHONE, message_id="m2") for _ in range(2))
        )

        assert again == [Kept(1, KeptAs.KNOWN_MESSAGE)] * 2
        assert in_one_batch == [Kept(1, KeptAs.KNOWN_PERSON), Kept(1, KeptAs.KNOWN_MESSAGE)]
        assert await message_ids(archive, project, 1) == ["m1", "m2"]

    async def test_one_message_that_comes_under_two_names_in_one_batch_is_one_lead(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        outcomes = await record(
            ledger, *(a_written_message(project, one, message_id="m1") for one in (PHONE, USER_ID))
        )

        assert outcomes == [Kept(1, KeptAs.NEW), Kept(1, KeptAs.KNOWN_MESSAGE)]
        assert len(await leads_of(archive, project)) == 1

    async def test_messages_are_known_per_project_and_channel(
        self, ledger: LeadLedger, project: Project, other_project: Project
    ) -> None:
        outcomes = await record(
            ledger,
            a_written_message(project, message_id="m1"),
            a_written_message(other_project, message_id="m1"),
            a_written_message(project, message_id="m1", channel="telegram"),
        )

        assert hows(outcomes) == [KeptAs.NEW] * 3

    async def test_a_known_person_and_a_known_message_are_answered_in_a_full_month(
        self, ledger: LeadLedger, other_ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        await record_one(ledger, a_written_message(project, PHONE, message_id="m1"), limit=1)

        for one, new_id in ((ledger, "m2"), (other_ledger, "m3")):
            outcomes = await record(
                one,
                a_written_message(project, a_phone("5511987654321")),
                a_written_message(project, PHONE, message_id="m1"),
                a_written_message(project, PHONE, message_id=new_id),
                limit=1,
            )

            assert outcomes == [
                PLAN_FULL,
                Kept(1, KeptAs.KNOWN_MESSAGE),
                Kept(1, KeptAs.KNOWN_PERSON),
            ]

        assert await message_ids(archive, project, 1) == ["m1", "m2", "m3"]

    async def test_a_known_person_takes_no_place_of_a_later_month(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        await record_one(ledger, a_written_message(project))

        later = await record_one(ledger, a_written_message(project), limit=0, month=DECEMBER)

        assert later == Kept(1, KeptAs.KNOWN_PERSON)
        assert await archive.places_taken(project.project_id, DECEMBER) == 0


class OpeningContract:
    def _no_opener(self, project: Project, message_id: str) -> Capture:
        return a_written_message(project, PHONE, message_id=message_id, opens_lead=False)

    async def test_what_opens_no_lead_is_not_kept_for_an_unknown_person(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        outcome = await record_one(ledger, self._no_opener(project, "m1"))
        nothing = await leads_of(archive, project)
        opened = await record_one(ledger, a_written_message(project, PHONE, message_id="m1"))

        assert outcome == NOBODY_KNOWN
        assert nothing == []
        assert opened == Kept(1, KeptAs.NEW)

    async def test_what_opens_no_lead_is_kept_with_a_known_person(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        opened, added = await record(
            ledger,
            a_written_message(project, PHONE, message_id="m1"),
            self._no_opener(project, "m2"),
            limit=1,
        )

        assert [opened, added] == [Kept(1, KeptAs.NEW), Kept(1, KeptAs.KNOWN_PERSON)]
        assert await message_ids(archive, project, 1) == ["m1", "m2"]

    async def test_what_only_tells_a_second_identity_needs_no_message(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        user_id = Identity("user_id", "US.1")
        await record_one(ledger, a_written_message(project, PHONE, message_id="m1"))

        told = await record_one(
            ledger, a_capture(project, channel="whatsapp", identities=(PHONE, user_id))
        )
        later = await record_one(ledger, a_written_message(project, user_id, message_id="m2"))

        assert [told, later] == [Kept(1, KeptAs.KNOWN_PERSON)] * 2
        assert await message_ids(archive, project, 1) == ["m1", "m2"]
