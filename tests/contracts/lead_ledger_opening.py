"""What may not open a lead is kept with a known person only."""

from application.ports.lead_archive import LeadArchive
from application.ports.lead_ledger import LeadLedger
from domain.capture import Capture, Kept, KeptAs
from domain.identity import Identity
from domain.project import Project
from tests.contracts.people import PHONE, a_written_message, message_ids
from tests.contracts.recording import NOBODY_KNOWN, leads_of, record, record_one
from tests.support.builders import a_capture


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
