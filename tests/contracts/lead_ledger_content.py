"""What is kept comes back unchanged; what cannot be kept spoils nothing else."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from application.ports.lead_archive import LeadArchive
from application.ports.lead_ledger import LeadLedger
from domain.capture import Kept, KeptAs
from domain.idempotency import Idempotency
from domain.identity import Identity
from domain.lead import LeadDetails
from domain.project import Project
from tests.contracts.lead_ledger_idempotency import ONE_LEAD, OTHER_LEAD
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
