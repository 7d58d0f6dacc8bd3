"""What a lead does not say of a person is taken from later captures; what it says stays."""

from dataclasses import replace
from typing import Any

import pytest

from application.ports.lead_archive import LeadArchive
from application.ports.lead_ledger import LeadLedger
from domain.capture import Capture
from domain.identity import Identity
from domain.lead import LeadDetails
from domain.project import Project
from tests.contracts.people import PHONE, USER_ID, a_link, a_written_message, the_lead
from tests.contracts.recording import lead_id_of, record, record_one

EMPTY = LeadDetails(attributes={"first": "message"})
ADA = LeadDetails(name="Ada", email="ada@example.com", phone="+12025550147")
BOB = LeadDetails(name="Bob", email="bob@example.com", phone="+5511987654321")


def said(project: Project, details: LeadDetails, *names: Identity, **more: Any) -> Capture:
    return a_written_message(project, *names, details=details, **more)


class FillingContract:
    async def test_what_a_lead_lacks_is_taken_from_later_captures_and_stays(
        self, ledger: LeadLedger, other_ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        for one, details in (
            (ledger, LeadDetails()),
            (other_ledger, LeadDetails(phone="+1", page_trail=("/",))),
            (ledger, LeadDetails(name="Ada", utm={"a": "b"}, source_url="https://x.example/")),
            (other_ledger, replace(BOB, utm={"c": "d"}, source_url="https://y.example/")),
            (ledger, LeadDetails(referrer="https://z.example/")),
        ):
            await record_one(one, said(project, details))

        lead = await the_lead(archive, project, 1)
        assert lead.details == LeadDetails(
            name="Ada",
            phone="+1",
            email=BOB.email,
            utm={"a": "b"},
            source_url="https://x.example/",
            referrer="https://z.example/",
        )

    async def test_in_a_batch_the_earlier_capture_is_taken(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        await record_one(ledger, said(project, LeadDetails()))

        await record(ledger, said(project, LeadDetails(name="Ada")), said(project, BOB))

        assert (await the_lead(archive, project, 1)).details == LeadDetails(
            name="Ada", email=BOB.email, phone=BOB.phone
        )

    async def test_what_is_captured_again_fills_nothing(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        await record_one(ledger, said(project, EMPTY, message_id="m1"))

        await record_one(ledger, said(project, LeadDetails(), message_id="m2"))
        await record_one(ledger, said(project, EMPTY, message_id="m1"))

        assert (await the_lead(archive, project, 1)).details == EMPTY

    async def test_what_only_tells_an_identity_fills_what_is_lacking(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        await record_one(ledger, said(project, LeadDetails(name="Ada")))

        await record_one(ledger, a_link(project, PHONE, USER_ID, details=BOB))

        assert (await the_lead(archive, project, 1)).details == LeadDetails(
            name="Ada", email=BOB.email, phone=BOB.phone
        )

    @pytest.mark.parametrize("later", [BOB, LeadDetails()])
    async def test_a_joined_lead_gives_what_the_earlier_one_lacks_and_keeps_its_own(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project, later: LeadDetails
    ) -> None:
        details = LeadDetails(name="Eve", email="eve@example.com")
        await record_one(ledger, said(project, LeadDetails(name="Ada"), PHONE))
        await record_one(ledger, said(project, details, USER_ID))

        joined = await record_one(ledger, said(project, later, USER_ID, PHONE))

        assert lead_id_of(joined) == 1
        earlier = await the_lead(archive, project, 1)
        assert earlier.details == LeadDetails(name="Ada", email=details.email, phone=later.phone)
        assert (await the_lead(archive, project, 2)).details == details

    async def test_after_a_join_the_earlier_lead_is_filled(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        for names in ((PHONE,), (USER_ID,), (USER_ID, PHONE)):
            await record_one(ledger, said(project, LeadDetails(), *names))

        await record_one(ledger, said(project, ADA, USER_ID))

        assert (await the_lead(archive, project, 1)).details == ADA
        assert (await the_lead(archive, project, 2)).details == LeadDetails()
