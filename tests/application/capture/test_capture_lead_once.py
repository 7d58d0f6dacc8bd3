"""Idempotency keys: sending a lead again is harmless."""

import asyncio

import pytest

from application.capture.capture_lead import CaptureLead, Receipt
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
from tests.application.in_force import change
from tests.application.kept import leads_of


async def test_an_idempotency_key_makes_one_lead_of_calls_that_are_the_same(
    capture: CaptureLead, container: Container, project: Project
) -> None:
    same = {"shoe_size": "ACME", "name": "Ada", "email": "ada@example.com ", "phone": ""}
    first = await capture(a_call(project, ADA, idempotency_key="k"))
    second = await capture(a_call(project, same, idempotency_key='"k"'))

    assert [first, second] == [Receipt(1, replayed=False), Receipt(1, replayed=True)]
    assert len(await leads_of(container, project)) == 1


async def test_concurrent_calls_of_one_idempotency_key_make_one_lead(
    capture: CaptureLead, container: Container, project: Project
) -> None:
    calls = (capture(a_call(project, idempotency_key="k")) for _ in range(50))
    receipts = await asyncio.gather(*calls)

    assert sorted(receipt.replayed for receipt in receipts) == [False] + [True] * 49
    assert {receipt.lead_id for receipt in receipts} == {1}
    assert len(await leads_of(container, project)) == 1


async def test_an_idempotency_key_is_not_used_for_another_lead(
    capture: CaptureLead, container: Container, project: Project
) -> None:
    await capture(a_call(project, {"name": "Ada"}, idempotency_key="k"))

    with pytest.raises(IdempotencyKeyReused):
        await capture(a_call(project, {"name": "Eve"}, idempotency_key="k"))
    assert len(await leads_of(container, project)) == 1


async def test_the_idempotency_keys_of_two_projects_are_two_keys(
    capture: CaptureLead, project: Project, other: Project
) -> None:
    calls = [a_call(p, body, idempotency_key="k") for p, body in ((project, ADA), (other, {}))]

    assert [await capture(call) for call in calls] == [Receipt(1, replayed=False)] * 2


async def test_a_known_idempotency_key_is_answered_in_a_full_month(
    capture: CaptureLead, small: Project
) -> None:
    await capture(a_call(small, idempotency_key="k"))

    assert await capture(a_call(small, idempotency_key="k")) == Receipt(1, replayed=True)
    with pytest.raises(PlanLimitReached):
        await capture(a_call(small, idempotency_key="another"))


async def test_a_refusal_is_not_remembered_under_its_idempotency_key(
    capture: CaptureLead, container: Container, small: Project
) -> None:
    await capture(a_call(small))
    with pytest.raises(InvalidLead):
        await capture(a_call(small, {"email": "nobody"}, idempotency_key="k"))
    with pytest.raises(PlanLimitReached):
        await capture(a_call(small, {"name": "Eve"}, idempotency_key="k"))
    await change(container, small, monthly_limit=None)

    assert await capture(a_call(small, ADA, idempotency_key="k")) == Receipt(2, replayed=False)


@pytest.mark.parametrize("header", ["", " ", "a" * 256, "ä", "a\0"])
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
        await capture(a_call(project, {"email": "nobody"}, idempotency_key=""))
