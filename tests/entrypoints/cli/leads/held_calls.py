"""Calls that a project may hold."""

from datetime import timedelta
from typing import Any

from application.held.hold import hold_capture, hold_unreadable
from domain.held import PLAN_LIMIT_REACHED, HeldCall
from domain.lead import LeadDetails
from tests.entrypoints.cli.command_line import of
from tests.support.builders import NOW, a_message, a_phone


def for_the_plan(project_id: str, number: int, **fields: Any) -> HeldCall:
    usual: dict[str, Any] = {
        "channel": "whatsapp",
        "identities": (a_phone(str(number)),),
        "message": a_message(f"wamid.{number}", raw=f'{{"number": {number}}}'),
        "captured_at": NOW + timedelta(minutes=number),
    }
    capture = of(project_id, **(usual | fields))
    return hold_capture(capture, PLAN_LIMIT_REACHED, origin="106540")


def unreadable(project_id: str) -> HeldCall:
    nothing = of(project_id, capture_id="req_0", request_id="req_0", channel="whatsapp",
                 captured_at=NOW, details=LeadDetails())  # fmt: skip
    return hold_unreadable(nothing, "odd \x1b[2J")
