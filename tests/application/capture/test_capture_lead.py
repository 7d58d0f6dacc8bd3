import asyncio

import pytest

from application.capture.capture_lead import CaptureLead, Receipt
from domain.errors import StorageUnavailable
from domain.json_value import JsonObject
from domain.lead import Lead, LeadDetails
from domain.project import Project
from domain.refusals import (
    InvalidLead,
)
from entrypoints.container import Container
from tests.application.capture.submissions import ADA, a_call
from tests.application.fakes import WatchedLedger, let_tasks_start
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


async def test_an_empty_object_becomes_a_lead(capture: CaptureLead, project: Project) -> None:
    assert await capture(a_call(project, {})) == Receipt(1, replayed=False)


async def test_each_project_counts_its_own_leads_from_one(
    capture: CaptureLead, project: Project, other: Project
) -> None:
    calls = [a_call(project), a_call(other), a_call(project)]

    assert [(await capture(call)).lead_id for call in calls] == [1, 1, 2]


@pytest.mark.parametrize(
    "body", [{"email": "nobody"}, {"name": 1}, {"x": 2**63}, {"x": "\0"}, {"utm": []}]
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


async def test_a_lead_is_never_acknowledged_without_a_store(
    capture: CaptureLead, ledger: WatchedLedger, clock: StillClock, project: Project
) -> None:
    ledger.is_down = True
    ledger.take(1.0, clock)

    with pytest.raises(StorageUnavailable):
        await capture(a_call(project))


async def test_a_lead_is_kept_when_its_client_hangs_up(
    capture: CaptureLead, container: Container, ledger: WatchedLedger, project: Project
) -> None:
    ledger.gate.clear()
    call = asyncio.create_task(capture(a_call(project)))
    await ledger.reached.wait()
    call.cancel()
    await let_tasks_start()
    ledger.gate.set()
    await capture(a_call(project))

    assert [lead.lead_id for lead in await leads_of(container, project)] == [1, 2]
