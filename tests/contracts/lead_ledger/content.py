"""What is kept comes back unchanged; what cannot be kept spoils nothing else."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from application.ports.lead_archive import LeadArchive
from application.ports.lead_ledger import LeadLedger
from domain.capture import Kept, KeptAs
from domain.idempotency import Idempotency
from domain.identity import Identity
from domain.json_value import JsonObject
from domain.lead import LeadDetails
from domain.leads.filling import LARGEST_FILLED_BYTES, MOST_ATTRIBUTES
from domain.project import Project
from tests.contracts.lead_ledger.filling import said
from tests.contracts.lead_ledger.idempotency import ONE_LEAD, OTHER_LEAD
from tests.contracts.people import PHONE, USER_ID, a_link, the_lead
from tests.contracts.recording import (
    UNWRITABLE,
    hows,
    lead_id_of,
    leads_of,
    record,
    record_one,
)
from tests.support.builders import a_capture, a_message

SURROGATE = "\ud800"
ODD_ATTRIBUTES: dict[str, Any] = {
    "$where": "1",
    "$set": {"$inc": {"a": 1}},
    "a.b": {"": {"c.d": [1, {"$ref": None}]}},
    "": "nobody",
    "__proto__": {"polluted": True},
    "_id": "x",
    "nul\0key": "nul\0value",
    "ключ 🔑": "значение 🙂",
    "largest": 2**63 - 1,
    "smallest": -(2**63),
    "float": 0.1,
    "whole float": 1.0,
    "nothing": None,
    "empty": [{}, [], ""],
}
WRITABLE_BY_SOME = {"number": 2**63}
POISONS: dict[str, dict[str, Any]] = {
    "name": {"details": LeadDetails(name=SURROGATE)},
    "value": {"details": LeadDetails(attributes={"a": [SURROGATE]})},
    "key": {"details": LeadDetails(attributes={SURROGATE: 1})},
    "number": {"details": LeadDetails(attributes={"a": 2**64})},
    "message": {"message": a_message("poison", raw=SURROGATE)},
    "text": {"message": a_message("poison", text=SURROGATE)},
    "message id": {"message": a_message(SURROGATE)},
    "identity": {"identities": (Identity("phone", SURROGATE),)},
}


class ContentContract:
    async def test_a_lead_comes_back_as_it_was_captured(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        capture = a_capture(
            project,
            channel="telegram",
            details=LeadDetails(
                name="Zoë  O'Neil",
                email="zoe@example.com",
                phone="+1 202 555 0147",
                attributes={"plan": "gold"},
                source_url="https://example.com/?a=b",
                referrer="https://example.org/",
                utm={"utm_source": "x"},
                page_trail=("/", "/prices", "/"),
            ),
            message=a_message("m1", type="image", text=None, sent_at=None, raw='{"a": "\\/"}'),
        )

        lead = await archive.get(project.project_id, lead_id_of(await record_one(ledger, capture)))

        assert lead is not None
        assert lead.project_id == capture.project_id
        assert lead.channel == "telegram"
        assert lead.request_id == capture.request_id
        assert lead.details == capture.details
        assert lead.messages == (capture.message,)

    async def test_attributes_of_any_name_come_back_unchanged(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        details = LeadDetails(attributes=ODD_ATTRIBUTES, utm=ODD_ATTRIBUTES)

        lead_id = lead_id_of(await record_one(ledger, a_capture(project, details=details)))
        lead = await archive.get(project.project_id, lead_id)

        assert lead is not None
        assert repr(lead.details.attributes) == repr(ODD_ATTRIBUTES)
        assert repr(lead.details.utm) == repr(ODD_ATTRIBUTES)

    async def test_moments_come_back_to_the_millisecond_in_aware_utc(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        india = timezone(timedelta(hours=5, minutes=30))
        captured = datetime(2026, 12, 1, 4, 30, 0, 7999, tzinfo=india)
        sent = datetime(2026, 11, 30, 22, 59, 59, 999000, tzinfo=UTC)
        capture = a_capture(project, captured_at=captured, message=a_message(sent_at=sent))

        lead_id = lead_id_of(await record_one(ledger, capture))
        lead = await archive.get(project.project_id, lead_id)

        assert lead is not None
        assert lead.captured_at == datetime(2026, 11, 30, 23, 0, 0, 7000, tzinfo=UTC)
        assert lead.messages[0].sent_at == sent
        assert lead.captured_at.utcoffset() == lead.messages[0].sent_at.utcoffset() == timedelta(0)

    @pytest.mark.parametrize("poison", POISONS.values(), ids=POISONS)
    async def test_a_poisonous_capture_fails_alone(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project, poison: dict[str, Any]
    ) -> None:
        key = Idempotency("poisonous", ONE_LEAD)
        captures = [
            a_capture(project),
            a_capture(project, **({"idempotency": key} | poison)),
            a_capture(project, idempotency=Idempotency("poisonous", OTHER_LEAD)),
        ]

        outcomes = await record(ledger, *captures, limit=2)

        assert outcomes[1] == UNWRITABLE
        assert hows([outcomes[0], outcomes[2]]) == [KeptAs.NEW, KeptAs.NEW]
        assert len(await leads_of(archive, project)) == 2

    async def test_a_number_beyond_64_bits_with_a_sign_is_never_altered(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        poison = a_capture(project, details=LeadDetails(attributes=WRITABLE_BY_SOME))

        before, outcome, after = await record(
            ledger, a_capture(project), poison, a_capture(project)
        )

        assert hows([before, after]) == [KeptAs.NEW, KeptAs.NEW]
        if isinstance(outcome, Kept):
            lead = await archive.get(project.project_id, outcome.lead_id)
            assert lead is not None
            assert repr(lead.details.attributes) == repr(WRITABLE_BY_SOME)
        else:
            assert outcome == UNWRITABLE


PICTURE = LeadDetails(name="Ada", attributes={"country": "US"})
CLICKED = LeadDetails(
    name="Ada",
    source_url="https://fb.me/1",
    attributes={"country": "IN", "ctwa_clid": "ARA", "source_id": "120"},
)
OTHER_CLICK = LeadDetails(
    source_url="https://fb.me/2", attributes={"source_id": "121", "headline": "Chat with us"}
)
WEIRD: JsonObject = {"": None, "$where": 1, "a.b": [2.5, {"$set": {"x": -(2**63)}}], "\0": "é\0"}


def attributes(count: int, *, of: str = "key") -> dict[str, str]:
    return {f"{of} {number}": of for number in range(count)}


class AttributesContract:
    async def test_an_ad_is_told_in_whichever_order_the_pictures_of_an_album_come(
        self, ledger: LeadLedger, other_ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        for one, details in ((ledger, PICTURE), (other_ledger, CLICKED), (ledger, OTHER_CLICK)):
            await record_one(one, said(project, details))

        assert (await the_lead(archive, project, 1)).details == LeadDetails(
            name="Ada",
            source_url="https://fb.me/1",
            attributes={
                "country": "US",
                "ctwa_clid": "ARA",
                "source_id": "120",
                "headline": "Chat with us",
            },
        )

    async def test_in_a_batch_the_first_to_say_an_attribute_gives_it(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        pictures = [LeadDetails(attributes={"place": n, f"picture {n}": n}) for n in range(40)]

        await record(ledger, *(said(project, details) for details in pictures))

        assert (await the_lead(archive, project, 1)).details.attributes == {
            "place": 0,
            **{f"picture {n}": n for n in range(40)},
        }

    @pytest.mark.parametrize("first", [{}, {"first": "message"}], ids=["none", "some"])
    async def test_any_attribute_comes_back_as_it_came(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project, first: JsonObject
    ) -> None:
        for found in (first, WEIRD):
            await record_one(ledger, said(project, LeadDetails(attributes=found)))

        assert (await the_lead(archive, project, 1)).details.attributes == {**first, **WEIRD}

    async def test_an_attribute_that_says_nothing_is_said(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        for value in (None, "something"):
            await record_one(ledger, said(project, LeadDetails(attributes={"key": value})))

        assert (await the_lead(archive, project, 1)).details.attributes == {"key": None}

    async def test_what_is_said_at_once_is_taken_once_and_nothing_of_it_changes_later(
        self, ledger: LeadLedger, other_ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        await record_one(ledger, said(project, PICTURE))
        clicks = [
            said(project, LeadDetails(attributes={"source_id": n, "ctwa_clid": n, f"only {n}": n}))
            for n in range(20)
        ]

        await asyncio.gather(
            *(record(one, *clicks[n::4]) for n in range(4) for one in (ledger, other_ledger))
        )

        first = (await the_lead(archive, project, 1)).details.attributes
        assert first["source_id"] == first["ctwa_clid"]
        assert {f"only {n}": n for n in range(20)}.items() <= first.items()
        await record(ledger, *(said(project, one.details) for one in clicks))
        assert (await the_lead(archive, project, 1)).details.attributes == first

    async def test_a_joined_lead_gives_each_attribute_that_the_earlier_one_lacks(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        await record_one(ledger, said(project, PICTURE, PHONE))
        await record_one(ledger, said(project, CLICKED, USER_ID))

        joined = await record_one(ledger, said(project, OTHER_CLICK, USER_ID, PHONE))

        assert lead_id_of(joined) == 1
        earlier = (await the_lead(archive, project, 1)).details
        assert earlier.source_url == "https://fb.me/1"
        assert earlier.attributes == {
            "country": "US",
            "ctwa_clid": "ARA",
            "source_id": "120",
            "headline": "Chat with us",
        }
        assert (await the_lead(archive, project, 2)).details == CLICKED

    async def test_what_joins_leads_and_was_kept_before_fills_the_earlier_one(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        await record_one(ledger, said(project, PICTURE, PHONE))
        await record_one(ledger, said(project, CLICKED, USER_ID, message_id="m1"))

        await record_one(ledger, said(project, OTHER_CLICK, USER_ID, PHONE, message_id="m1"))

        assert (await the_lead(archive, project, 1)).details == LeadDetails(
            name="Ada",
            source_url="https://fb.me/1",
            attributes={**OTHER_CLICK.attributes, **CLICKED.attributes, **PICTURE.attributes},
        )

    async def test_a_lead_takes_no_more_attributes_than_are_sane(
        self, ledger: LeadLedger, other_ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        most = attributes(MOST_ATTRIBUTES - 10, of="first")
        later = [LeadDetails(attributes=attributes(100, of=f"later {n}")) for n in range(10)]

        await record_one(ledger, said(project, LeadDetails(attributes=most)))
        await record(other_ledger, *(said(project, details) for details in later))
        await record_one(ledger, said(project, replace(later[9], name="Ada")))

        lead = await the_lead(archive, project, 1)
        assert lead.details.attributes == most | attributes(10, of="later 0")
        assert lead.details.name == "Ada"
        assert len(lead.messages) == 12

    async def test_what_is_too_large_to_be_taken_stays_in_its_message(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        large = "x" * LARGEST_FILLED_BYTES
        later = LeadDetails(name="Ada", utm={"a": large}, attributes={"large": large, "small": 1})
        for details in (LeadDetails(attributes={"own": large}), later):
            await record_one(ledger, said(project, details))

        lead = await the_lead(archive, project, 1)
        assert lead.details == LeadDetails(name="Ada", attributes={"own": large, "small": 1})
        assert len(lead.messages) == 2

    async def test_what_only_tells_an_identity_gives_attributes(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        await record_one(ledger, said(project, PICTURE))

        await record_one(ledger, a_link(project, PHONE, USER_ID, details=CLICKED))

        assert (await the_lead(archive, project, 1)).details.attributes == {
            **CLICKED.attributes,
            "country": "US",
        }
