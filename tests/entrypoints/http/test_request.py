"""A lead's request is made of a few attributes; the others come when somebody asks."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from sanic import Request as SanicRequest
from sanic.compat import Header

from entrypoints.http.leads.lead_path import LEAD_PATH, LEAD_TARGET
from entrypoints.http.request import App, Request

APP = cast("App", SimpleNamespace(router=None))
HEADERS = Header({"host": "leads.example.com", "content-type": "application/json"})
OURS = {"_id", "_ctx", "_match_info"}
"""Ours are made otherwise, or, of the last one, only compared as what a route found: nothing."""


def a_request(target: bytes = LEAD_TARGET, method: str = "POST") -> Request:
    return Request(target, HEADERS, "1.1", method, None, APP, b"POST / HTTP/1.1")


def _slots_of(kind: type) -> set[str]:
    return {name for one in kind.__mro__ for name in getattr(one, "__slots__", ())} - {
        "__weakref__"
    }


def test_a_leads_request_has_what_sanics_request_has() -> None:
    sanics: Any = SanicRequest(
        LEAD_TARGET, HEADERS, "1.1", "POST", cast("Any", None), APP, b"POST /"
    )
    names = sorted(name for name in _slots_of(SanicRequest) - OURS if hasattr(sanics, name))
    plain = {name: getattr(sanics, name) for name in names if name not in ("_parsed_url", "head")}

    lead = a_request()

    assert len(plain) > 20
    assert {name: getattr(lead, name) for name in plain} == plain
    assert (lead.path, lead.query_string) == (sanics.path, sanics.query_string)


def test_asking_for_what_is_missing_changes_nothing_that_is_there() -> None:
    lead = a_request()
    stream: Any = object()
    lead.stream, lead.responded, lead.ctx.project_id = stream, True, "acme"
    request_id = lead.id
    lead.parsed_json = {"asked": "once"}

    assert lead.body == b""
    assert lead.parsed_form is None

    assert (lead.stream, lead.responded, lead.ctx.project_id) == (stream, True, "acme")
    assert (lead.id, lead.parsed_json) == (request_id, {"asked": "once"})


def test_what_no_request_has_no_lead_has_either() -> None:
    lead = a_request()

    for _ in range(2):
        with pytest.raises(AttributeError, match="_scheme"):
            lead._scheme  # noqa: B018


@pytest.mark.parametrize(
    ("target", "method", "is_lead"),
    [
        (LEAD_TARGET, "POST", True),
        (LEAD_TARGET + b"?api_key=swk_1", "POST", True),
        (b"//api/public/lead/", "POST", True),
        (b"http://leads.example.com/api/public/lead", "POST", True),
        (LEAD_TARGET + b"#form", "POST", True),
        (LEAD_TARGET, "GET", False),
        (LEAD_TARGET, "OPTIONS", False),
        (LEAD_TARGET + b"s", "POST", False),
        (b"/", "POST", False),
    ],
)
def test_a_post_to_the_lead_path_is_a_lead(target: bytes, method: str, is_lead: bool) -> None:
    request = a_request(target, method)

    assert request.is_lead is is_lead
    if is_lead:
        assert request.path == LEAD_PATH
