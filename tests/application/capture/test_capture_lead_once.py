"""Idempotency keys: sending a lead again is harmless."""

import pytest

from application.capture.capture_lead import CaptureLead, Receipt
from domain.project import Project
from domain.refusals import (
    IdempotencyKeyReused,
    InvalidIdempotencyKey,
    InvalidLead,
)
from entrypoints.container import Container
from tests.application.capture.submissions import ADA, a_call
from tests.application.fakes import WatchedLedger
from tests.application.kept import leads_of


async def test_an_idempotency_key_makes_one_lead_of_calls_that_are_the_same(
    capture: CaptureLead, container: Container, project: Project
) -> None:
    same = {"shoe_size": "ACME", "name": "Ada", "email": "ada@example.com ", "phone": ""}
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
