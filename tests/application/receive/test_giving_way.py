"""A refused call gives way to leads: it is read, and answered, when none is being written."""

import asyncio
from typing import Any

import pytest

from application.capture import after_leads
from application.capture.lead_writer import LeadWriter
from domain.json_value import JsonObject
from domain.project import Project
from domain.refusals import DomainNotAllowed
from entrypoints.container import Container
from tests.application.fakes import WatchedLedger, let_tasks_start
from tests.application.receive.calling import ADA, Calls, parse
from tests.support.builders import a_capture, a_project

FOR_EVER = 3600.0
ELSEWHERE = "https://evil.com"


@pytest.fixture
async def project(container: Container) -> Project:
    project = a_project("example.com")
    await container.projects().add(project)
    return project


@pytest.fixture
async def call(container: Container, writer: object, project: Project) -> Calls:
    made = await container.create_key()(project.project_id)
    return Calls(container, made.secret)


async def test_a_refused_call_is_read_after_the_leads_that_are_being_written(
    call: Calls,
    writer: LeadWriter,
    ledger: WatchedLedger,
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(after_leads, "LONGEST_SECONDS", FOR_EVER)
    ended: list[str] = []

    def watched(body: bytes) -> JsonObject:
        ended.append("the call is read")
        return parse(body)

    ledger.gate.clear()
    lead = asyncio.create_task(writer.write(a_capture(project)))
    lead.add_done_callback(lambda _: ended.append("the lead is written"))
    await ledger.reached.wait()
    refused = asyncio.create_task(call(ADA, origin=ELSEWHERE, parse=watched))
    await let_tasks_start()
    ledger.gate.set()

    with pytest.raises(DomainNotAllowed):
        await refused
    assert ended == ["the lead is written", "the call is read"]


async def test_a_refused_call_is_answered_after_the_leads_that_came_while_it_was_held(
    call: Calls,
    container: Container,
    writer: LeadWriter,
    ledger: WatchedLedger,
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(after_leads, "LONGEST_SECONDS", FOR_EVER)
    ended: list[str] = []
    hold, is_held = container.held_ledger().hold_or_count, asyncio.Event()

    async def hold_while_a_lead_comes(*calls: Any, **how: Any) -> Any:
        held = await hold(*calls, **how)
        ledger.gate.clear()
        lead = asyncio.create_task(writer.write(a_capture(project)))
        lead.add_done_callback(lambda _: ended.append("the lead is written"))
        await ledger.reached.wait()
        is_held.set()
        return held

    monkeypatch.setattr(container.held_ledger(), "hold_or_count", hold_while_a_lead_comes)
    refused = asyncio.create_task(call(ADA, origin=ELSEWHERE))
    refused.add_done_callback(lambda _: ended.append("the call is answered"))
    await is_held.wait()
    await let_tasks_start()
    ledger.gate.set()

    with pytest.raises(DomainNotAllowed):
        await refused
    assert ended == ["the lead is written", "the call is answered"]
