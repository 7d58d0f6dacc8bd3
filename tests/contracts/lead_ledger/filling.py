"""What a lead does not say of a person is taken from later captures; what it says stays."""

import asyncio
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
from tests.support.builders import a_message

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


AD = frozenset({"source_url", "source_id", "ctwa_clid", "headline"})
PRODUCT = frozenset({"catalog_id", "product_id"})
IN_A_STATUS = LeadDetails(attributes={"source_id": "1", "country": "US"})
IN_THE_FEED = LeadDetails(
    source_url="https://fb.me/2",
    attributes={"source_id": "2", "ctwa_clid": "ARA2", "catalog_id": "c2", "product_id": "p2"},
)
NOT_OF_THE_SECOND_AD = {"source_id": "1", "country": "US", "catalog_id": "c2", "product_id": "p2"}


def told(project: Project, details: LeadDetails, *names: Identity, **more: Any) -> Capture:
    return said(project, details, *names, together=(AD, PRODUCT), **more)


class TogetherContract:
    async def test_who_has_an_ad_takes_nothing_of_another_one_and_a_product_whole(
        self, ledger: LeadLedger, other_ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        await record_one(ledger, told(project, IN_A_STATUS))

        await record_one(other_ledger, told(project, IN_THE_FEED))

        details = (await the_lead(archive, project, 1)).details
        assert details == LeadDetails(attributes=NOT_OF_THE_SECOND_AD)

    async def test_in_a_batch_nothing_is_mixed_either(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        nothing = LeadDetails(name="Ada")

        await record(ledger, *(told(project, one) for one in (nothing, IN_A_STATUS, IN_THE_FEED)))

        details = (await the_lead(archive, project, 1)).details
        assert details == LeadDetails(name="Ada", attributes=NOT_OF_THE_SECOND_AD)

    async def test_ads_that_are_told_at_once_are_never_mixed(
        self, ledger: LeadLedger, other_ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        await record_one(ledger, told(project, LeadDetails(name="Ada")))
        ads = [
            LeadDetails(source_url=f"https://fb.me/{n}", attributes={"source_id": n, f"a{n}": n})
            if n % 2
            else LeadDetails(attributes={"ctwa_clid": n, "headline": n, f"a{n}": n})
            for n in range(20)
        ]

        await asyncio.gather(
            *(record_one(one, told(project, ad)) for ad in ads for one in (ledger, other_ledger))
        )

        details = (await the_lead(archive, project, 1)).details
        assert {f"a{n}": n for n in range(20)}.items() <= details.attributes.items()
        assert _of_ads(details) in [_of_ads(ad) for ad in ads]

    @pytest.mark.parametrize("first", [IN_A_STATUS, IN_THE_FEED])
    async def test_leads_that_are_joined_mix_nothing(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project, first: LeadDetails
    ) -> None:
        second = IN_THE_FEED if first is IN_A_STATUS else IN_A_STATUS
        await record_one(ledger, told(project, first, PHONE))
        await record_one(ledger, told(project, second, USER_ID))

        await record_one(ledger, a_link(project, PHONE, USER_ID, together=(AD, PRODUCT)))
        again = await record_one(ledger, told(project, second, USER_ID))

        assert lead_id_of(again) == 1
        assert _of_ads((await the_lead(archive, project, 1)).details) == _of_ads(first)

    async def test_a_known_message_that_says_more_fills_its_lead(
        self, ledger: LeadLedger, other_ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        await record_one(ledger, told(project, LeadDetails(), message_id="m1"))

        for one in (other_ledger, ledger):
            again = await record_one(one, told(project, IN_THE_FEED, message_id="m1"))

            assert lead_id_of(again) == 1
        lead = await the_lead(archive, project, 1)
        assert lead.details == IN_THE_FEED
        assert len(lead.messages) == 1

    async def test_more_of_the_same_ad_is_taken(
        self, ledger: LeadLedger, other_ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        some = LeadDetails(attributes={"source_id": "2"})
        await record_one(ledger, told(project, LeadDetails()))
        await record(ledger, told(project, some), told(project, IN_A_STATUS))

        await record_one(other_ledger, told(project, IN_THE_FEED))

        details = (await the_lead(archive, project, 1)).details
        assert _of_ads(details) == _of_ads(IN_THE_FEED)

    async def test_a_message_that_was_kept_without_a_text_gets_that_of_its_repetition(
        self, ledger: LeadLedger, other_ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        placeholder = a_message("m1", type="unsupported", text=None, raw="{}")
        content, other = (a_message("m1", text=text, raw=f'"{text}"') for text in ("hi", "no"))
        for one, message in (
            (ledger, placeholder),
            (other_ledger, a_message("m2")),
            (other_ledger, content),
            (ledger, other),
        ):
            await record_one(one, told(project, LeadDetails(), message=message))

        kept = {m.message_id: m for m in (await the_lead(archive, project, 1)).messages}
        assert kept["m1"] == content
        assert len(kept) == 2

    @pytest.mark.parametrize("known_elsewhere", [True, False])
    async def test_a_known_message_under_a_name_that_its_lead_has_not_changes_nothing(
        self,
        ledger: LeadLedger,
        archive: LeadArchive,
        project: Project,
        known_elsewhere: bool,
    ) -> None:
        placeholder = a_message("m1", text=None)
        await record_one(ledger, told(project, LeadDetails(), PHONE, message=placeholder))
        if known_elsewhere:
            await record_one(ledger, told(project, LeadDetails(), USER_ID))

        forged = a_message("m1", text="forged")
        await record_one(ledger, told(project, IN_THE_FEED, USER_ID, message=forged))

        lead = await the_lead(archive, project, 1)
        assert (lead.details, lead.messages) == (LeadDetails(), (placeholder,))


def _of_ads(details: LeadDetails) -> dict[str, Any]:
    present = {**details.attributes, "source_url": details.source_url}
    return {name: value for name, value in present.items() if name in AD and value is not None}
