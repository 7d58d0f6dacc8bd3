"""Idempotency keys: sending a lead again is harmless."""

import asyncio
from datetime import UTC, datetime

import pytest

from application.capture.capture_lead import CaptureLead, Receipt
from domain.json_value import JsonObject
from domain.lead import Lead, LeadDetails
from domain.project import Project
from domain.refusals import (
    IdempotencyKeyReused,
    InvalidIdempotencyKey,
    InvalidLead,
    PlanLimitReached,
)
from entrypoints.container import Container
from tests.application.capture.submissions import ADA, a_call
from tests.application.fakes import WatchedLedger
from tests.application.kept import leads_of
from tests.support.clocks import StillClock


async def test_a_call_becomes_one_lead(
    capture: CaptureLead, container: Container, clock: StillClock, project: Project
) -> None:
    receipt = await capture(a_call(project, request_id="req_1"))

    assert receipt == Receipt(1, replayed=False)
    assert await leads_of(container, project) == [
        Lead(
            project_id=project.project_id,
            lead_id=1,
            channel="rest",
            captured_at=clock.now(),
            request_id="req_1",
            details=LeadDetails(
                name="Ada", email="ada@example.com", attributes={"shoe_size": "ACME"}
            ),
        )
    ]


async def test_two_identical_calls_make_two_leads(
    capture: CaptureLead, container: Container, project: Project
) -> None:
    receipts = [await capture(a_call(project)) for _ in range(2)]

    assert receipts == [Receipt(1, replayed=False), Receipt(2, replayed=False)]
    assert len(await leads_of(container, project)) == 2


@pytest.mark.parametrize(
    "body", [{"email": "nobody"}, {"name": 1}, {"x": 2**63}, {"utm": 7}, {"page_trail": "x"}]
)
async def test_what_is_not_a_lead_is_refused_and_not_written(
    capture: CaptureLead, ledger: WatchedLedger, project: Project, body: JsonObject
) -> None:
    with pytest.raises(InvalidLead):
        await capture(a_call(project, body))
    assert ledger.batches == []


async def test_what_the_store_cannot_hold_is_no_lead_and_spoils_no_neighbour(
    capture: CaptureLead, container: Container, project: Project
) -> None:
    bodies: list[JsonObject] = [ADA, {"x": "\ud800"}, ADA]
    calls = (capture(a_call(project, body)) for body in bodies)
    ended = await asyncio.gather(*calls, return_exceptions=True)

    assert isinstance(ended[1], InvalidLead)
    assert [error.field for error in ended[1].errors] == ["body"]
    assert [receipt.lead_id for receipt in (ended[0], ended[2])] == [1, 2]
    assert len(await leads_of(container, project)) == 2


async def test_a_full_month_refuses_until_the_next_one_begins(
    capture: CaptureLead, clock: StillClock, small: Project, project: Project
) -> None:
    await capture(a_call(small))
    clock.time = datetime(2026, 11, 30, 23, 59, 0, 500000, tzinfo=UTC)

    with pytest.raises(PlanLimitReached) as refused:
        await capture(a_call(small))
    assert refused.value.retry_after_seconds == 60
    assert (await capture(a_call(project))).lead_id == 1
    clock.advance(60)
    assert (await capture(a_call(small))).lead_id == 2


async def test_an_idempotency_key_makes_one_lead_of_calls_that_are_the_same(
    capture: CaptureLead, container: Container, project: Project
) -> None:
    same = dict(reversed(ADA.items()))
    first = await capture(a_call(project, ADA, idempotency_key="k"))
    second = await capture(a_call(project, same, idempotency_key='"k"'))

    assert [first, second] == [Receipt(1, replayed=False), Receipt(1, replayed=True)]
    assert len(await leads_of(container, project)) == 1


async def test_an_idempotency_key_is_not_used_for_another_lead(
    capture: CaptureLead, container: Container, project: Project
) -> None:
    await capture(a_call(project, {"name": "Ada"}, idempotency_key="k"))

    with pytest.raises(IdempotencyKeyReused):
        await capture(a_call(project, {"name": "Eve"}, idempotency_key="k"))
    assert len(await leads_of(container, project)) == 1


@pytest.mark.parametrize("header", ["a" * 256, "ä", "a\0"])
async def test_what_cannot_be_an_idempotency_key_is_refused_and_not_written(
    capture: CaptureLead, ledger: WatchedLedger, project: Project, header: str
) -> None:
    with pytest.raises(InvalidIdempotencyKey):
        await capture(a_call(project, idempotency_key=header))
    assert ledger.batches == []


async def test_the_lead_is_judged_before_its_idempotency_key(
    capture: CaptureLead, project: Project
) -> None:
    with pytest.raises(InvalidLead):
        await capture(a_call(project, {"email": "nobody"}, idempotency_key="ä"))


NAMED = {"webhook-id": "msg_1"}


async def test_a_senders_own_name_for_a_delivery_makes_one_lead_of_its_tries(
    capture: CaptureLead, container: Container, project: Project
) -> None:
    receipts = [await capture(a_call(project, ADA, sender_headers=NAMED)) for _ in range(2)]

    assert receipts == [Receipt(1, replayed=False), Receipt(1, replayed=True)]
    assert len(await leads_of(container, project)) == 1


async def test_another_lead_under_a_senders_name_is_a_lead_of_its_own(
    capture: CaptureLead, container: Container, project: Project
) -> None:
    bodies: list[JsonObject] = [{"name": "Ada"}, {"name": "Eve"}, {"name": "Eve"}]
    receipts = [await capture(a_call(project, body, sender_headers=NAMED)) for body in bodies]

    assert [receipt.replayed for receipt in receipts] == [False] * 3
    assert len(await leads_of(container, project)) == 3


async def test_a_clients_own_key_wins_over_the_senders_name(
    capture: CaptureLead, project: Project
) -> None:
    first = await capture(a_call(project, ADA, idempotency_key="a", sender_headers=NAMED))
    second = await capture(a_call(project, ADA, idempotency_key="b", sender_headers=NAMED))

    assert (first.lead_id, second.lead_id) == (1, 2)


async def test_what_does_not_fit_refuses_no_lead_that_is_read_leniently(
    capture: CaptureLead, container: Container, project: Project
) -> None:
    receipt = await capture(a_call(project, {"email": "nobody", "name": "Ada"}, lenient=True))

    assert [warning.field for warning in receipt.warnings] == ["email"]
    [lead] = await leads_of(container, project)
    assert lead.details.present() == {"name": "Ada", "attributes": {"email": "nobody"}}
