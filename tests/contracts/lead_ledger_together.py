"""What tells of one ad or one product is taken from one capture, or not at all."""

import asyncio
from typing import Any

import pytest

from application.ports.lead_archive import LeadArchive
from application.ports.lead_ledger import Capture, LeadLedger
from domain.lead import Identity, LeadDetails
from domain.project import Project
from tests.contracts.lead_ledger_filling import said
from tests.contracts.people import PHONE, USER_ID, a_link, the_lead
from tests.contracts.recording import lead_id_of, record, record_one

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

    async def test_a_known_message_fills_its_lead_also_under_a_new_name_of_its_person(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        await record_one(ledger, told(project, LeadDetails(), PHONE, message_id="m1"))

        await record_one(ledger, told(project, IN_THE_FEED, USER_ID, message_id="m1"))

        assert (await the_lead(archive, project, 1)).details == IN_THE_FEED

    async def test_a_known_message_of_somebody_else_fills_nobody_s_lead(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        await record_one(ledger, told(project, LeadDetails(), PHONE, message_id="m1"))
        await record_one(ledger, told(project, LeadDetails(), USER_ID, message_id="m2"))

        await record_one(ledger, told(project, IN_THE_FEED, USER_ID, message_id="m1"))

        for number in (1, 2):
            assert (await the_lead(archive, project, number)).details == LeadDetails()


def _of_ads(details: LeadDetails) -> dict[str, Any]:
    present = {**details.attributes, "source_url": details.source_url}
    return {name: value for name, value in present.items() if name in AD and value is not None}
