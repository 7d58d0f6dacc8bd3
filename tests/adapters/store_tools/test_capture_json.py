"""A capture as JSON values, field by field; stores prove that it survives being kept."""

import json
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from adapters.store_tools.capture_json import capture_from_json, capture_to_json
from domain.capture import Capture
from domain.idempotency import Idempotency
from domain.lead import LeadDetails
from tests.support.builders import NOW, a_capture, a_message, a_phone, a_project

PLAIN = a_capture(a_project())
OTHERS: dict[str, Any] = {
    "capture_id": "req_other",
    "project_id": "prj_other",
    "channel": "whatsapp",
    "captured_at": NOW + timedelta(milliseconds=1),
    "request_id": "req_another",
    "details": LeadDetails(attributes={"a.b": {"": [1, 0.5, None]}}, page_trail=("/", "/ü")),
    "counts": False,
    "opens_lead": False,
    "idempotency": Idempotency("key", b"\x00\xff"),
    "identities": (a_phone("1"), a_phone("2")),
    "together": (frozenset({"source_id", "ctwa_clid"}), frozenset({"sku"})),
    "message": a_message(text=None, sent_at=None),
}
NOT_KEPT = {"is_fresh"}
"""What was kept may have been recorded before."""


def again(capture: Capture, body: str = "") -> Capture:
    """The capture after a way through JSON text."""
    return capture_from_json(json.loads(json.dumps(capture_to_json(capture, body))), body)


def test_every_field_has_another_value_here() -> None:
    assert OTHERS.keys() == {field.name for field in fields(Capture)} - NOT_KEPT
    assert [name for name, value in OTHERS.items() if getattr(PLAIN, name) == value] == []


@pytest.mark.parametrize("name", OTHERS)
def test_every_field_comes_back(name: str) -> None:
    capture = replace(PLAIN, **{name: OTHERS[name]})

    assert again(PLAIN) == PLAIN
    assert again(capture) == capture
    assert again(capture) != PLAIN


def test_what_comes_back_is_not_fresh() -> None:
    assert again(replace(PLAIN, is_fresh=True)) == PLAIN


def test_what_an_older_version_kept_comes_back() -> None:
    found = capture_to_json(PLAIN, "")
    del found["together"]

    assert capture_from_json(found, "") == PLAIN


def test_a_key_comes_back_with_the_fingerprint_of_before() -> None:
    key = Idempotency("key", b"\x02\xff", b"\x00\xff")

    assert again(replace(PLAIN, idempotency=key)).idempotency == key


def test_a_message_that_is_the_body_is_not_repeated() -> None:
    body = '{"text":"hello"}'
    capture = replace(PLAIN, message=a_message(raw=body, text=None))

    assert "hello" not in json.dumps(capture_to_json(capture, body))
    assert again(capture, body) == capture
    assert again(capture, "{}") == capture
