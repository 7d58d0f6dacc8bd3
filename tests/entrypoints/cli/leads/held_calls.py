"""Calls that a project may hold."""

from datetime import timedelta
from typing import Any

from application.held.hold import hold_capture, hold_unreadable
from application.held.refused_call import refusal_line, refused_call
from domain.held import DOMAIN_NOT_ALLOWED, PLAN_LIMIT_REACHED, HeldCall
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


def refused(
    project_id: str, number: int, code: str = DOMAIN_NOT_ALLOWED, **fields: Any
) -> HeldCall:
    """A call of the lead path; without `details` its body could not be read."""
    origin, body = fields.pop("origin", "shop.example"), fields.pop("body", b"{%d" % number)
    usual = {"captured_at": NOW + timedelta(minutes=number), "request_id": f"req_r{number}"}
    capture = of(project_id, capture_id=f"req_r{number}", **(usual | fields))
    return refused_call(capture, code, body=body, origin=origin, is_read="details" in fields)


def line(project_id: str, code: str, origin: str | None = None) -> HeldCall:
    """Calls of which nothing is kept."""
    return refusal_line(project_id, code, at=NOW, request_id=f"req_{code}", origin=origin)
