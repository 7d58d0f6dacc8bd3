"""How a refused call is held, and what counts as the same one."""

import base64
import codecs
import hashlib
from datetime import datetime

from domain.capture import Capture
from domain.held import HeldCall
from domain.json_value import json_text
from domain.lead import REST, LeadDetails

_UTC_MINUTE = "%Y-%m-%dT%H:%MZ"


def refused_call(
    capture: Capture, code: str, *, body: bytes, origin: str | None, is_read: bool
) -> HeldCall:
    """
    A call that was refused under *code*, with its *body* as received, from the page *origin*.

    *capture* becomes of it when it is released, if the body *is_read*; else its text becomes an
    attribute. Another call of the same code that says the same is not held again, but counted.
    """
    says = says_of(capture.details) if is_read else hashlib.sha256(body).hexdigest()
    text, is_utf8 = _text_of(body)
    return HeldCall(
        held_id=held_id_of(capture.request_id),
        project_id=capture.project_id,
        channel=REST,
        code=code,
        at=capture.captured_at,
        request_id=capture.request_id,
        origin=origin,
        body=text,
        body_base64=None if is_utf8 else base64.b64encode(body).decode(),
        once=_once(code, says),
        capture=capture if is_read else None,
        says=says,
    )


def says_of(details: LeadDetails) -> str:
    """A digest of *details*: two calls that share it say the same in every field."""
    text = json_text(details.present(), canonical=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _text_of(body: bytes) -> tuple[str, bool]:
    """
    The text, and whether it is UTF-8.

    A byte that is not is read as Windows-1252, which is what old pages and programs send: so an
    umlaut is one in the lead that is made of it.
    """
    try:
        return body.decode(), True
    except UnicodeDecodeError:
        return body.decode("utf-8", _AS_WINDOWS), False


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    odd = error.object[error.start : error.end]
    return odd.decode("cp1252", "replace"), error.end


_AS_WINDOWS = "swiftcrm-windows-1252"
codecs.register_error(_AS_WINDOWS, _as_windows_1252)


def refusal_line(
    project_id: str, code: str, *, at: datetime, request_id: str, origin: str | None
) -> HeldCall:
    """A refusal that is only noted: one line for each minute and origin."""
    minute = at.strftime(_UTC_MINUTE)
    return HeldCall(
        held_id=held_id_of(request_id),
        project_id=project_id,
        channel=REST,
        code=code,
        at=at,
        request_id=request_id,
        origin=origin,
        body="",
        once=_once(code, f"{minute} {origin or ''}"),
        capture=None,
    )


def held_id_of(request_id: str) -> str:
    """Sorts as the calls came."""
    return f"held_{request_id.removeprefix('req_')}"


def _once(code: str, says: str) -> str:
    return hashlib.sha256(f"{REST}\0{code}\0{says}".encode()).hexdigest()
