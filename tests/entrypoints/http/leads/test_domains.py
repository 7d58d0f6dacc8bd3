"""The allowlist and cross-origin answers, over a real socket."""

import pytest

from tests.entrypoints.http.conftest import LEAD, poster
from tests.support.program import Server
from tests.support.stores import Account
from tests.support.wire import request

ALLOWED: dict[str, dict[str, str | bytes]] = {
    "Origin": {"Origin": "https://EXAMPLE.com:443"},
    "an IDN as browsers send it": {"Origin": "https://xn--fa-hia.de"},
    "Referer alone": {"Referer": "https://example.com/page?x=1"},
    "Origin wins over a foreign Referer": {
        "Origin": "https://example.com",
        "Referer": "https://evil.com/",
    },
    "a server, with neither": {},
    "an empty Origin": {"Origin": ""},
    "blanks for an Origin": {"Origin": " \t"},
    "blanks around an Origin": {"Origin": " https://example.com \t"},
    "Referer about:blank": {"Referer": "about:blank"},
    "Referer with letters of its own in the path": {
        "Referer": "https://www.example.com/über-uns".encode()
    },
    "Referer with odd bytes in the path": {"Referer": b"https://example.com/\xff\xfe"},
    "our own address for a Referer": {"Referer": "https://test/api/public/lead"},
    "our own address for a Referer, Origin about:blank": {
        "Origin": "about:blank",
        "Referer": "https://test/api/public/lead",
    },
    "Google's translation": {"Origin": "https://example-com.translate.goog"},
}

REFUSED: dict[str, dict[str, str | bytes]] = {
    "foreign": {"Origin": "https://evil.com"},
    "null": {"Origin": "null"},
    "a page on our own host": {"Referer": "https://test/page"},
    "our own address, foreign Origin": {
        "Origin": "https://evil.com",
        "Referer": "https://test/api/public/lead",
    },
    "two": {"Origin": "https://example.com, https://b"},
    "ideographic full stop": {"Origin": "https://example。com"},
    "tab": {"Origin": b"https://exa\tmple.com"},
    "allowed Referer, foreign Origin": {
        "Origin": "https://evil.com",
        "Referer": "https://example.com/",
    },
    "foreign Referer": {"Referer": "https://evil.com/?https://example.com/"},
    "garbage Referer": {"Referer": "x" * 5000},
    "byte FF in Referer": {"Referer": b"\xff\xfe"},
    "byte FF in Origin": {"Origin": b"https://example.com\xff"},
}
"""Each way for a header to come; `tests/domain` has all that an entry lets in and keeps out."""


@pytest.mark.parametrize("headers", ALLOWED.values(), ids=ALLOWED.keys())
def test_allowed_pages_may_send_leads(
    server: Server, guarded: Account, headers: dict[str, str | bytes]
) -> None:
    assert poster(server, guarded)({}, **headers).status == 201


@pytest.mark.parametrize("headers", REFUSED.values(), ids=REFUSED.keys())
def test_other_pages_may_not(
    server: Server, guarded: Account, headers: dict[str, str | bytes]
) -> None:
    answer = poster(server, guarded)({}, **headers)

    assert answer.status == 403
    assert answer.json() == {
        "code": "DOMAIN_NOT_ALLOWED",
        "message": "Origin or Referer not in project allowlist.",
        "request_id": answer.headers["x-request-id"],
    }


def test_two_origins_that_differ_are_no_origin(server: Server, guarded: Account) -> None:
    headers = [("X-Api-Key", guarded.key), ("Origin", "https://example.com"), ("Origin", "null")]

    assert request(server.port, "POST", LEAD, headers, b"{}").status == 403


USUAL = "Content-Type, X-Api-Key, Authorization, Idempotency-Key, Prefer, X-Request-Id"


@pytest.mark.parametrize("origin", ["https://evil.com", "https://example.com", "null"])
def test_every_preflight_is_answered_for_the_post_decides(server: Server, origin: str) -> None:
    answer = request(server.port, "OPTIONS", LEAD, {"Origin": origin})

    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == origin
    assert answer.headers["access-control-allow-methods"] == "POST, OPTIONS"
    assert answer.headers["access-control-allow-headers"] == USUAL
    assert answer.headers["access-control-max-age"] == "7200"
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert answer.headers["vary"] == "Origin"


ASKED = {
    "content-type,x-requested-with,x-api-key": "content-type, x-requested-with, x-api-key",
    "Content-Type ,\tX-Api-Key , baggage, content-type": "content-type, x-api-key, baggage",
    "sentry-trace, a b, ü, \u212a, x:y, *, ,": "sentry-trace, *",
    "x" * 101: None,
    ",".join(f"x-{n}" for n in range(60)): ", ".join(f"x-{n}" for n in range(50)),
    "": None,
    ", ,": None,
}
"""What a page may ask for, and the answer; None: the usual headers."""


@pytest.mark.parametrize(("asked", "allowed"), ASKED.items(), ids=lambda text: str(text)[:20])
def test_a_page_may_send_the_headers_that_it_asks_for(
    server: Server, asked: str, allowed: str | None
) -> None:
    answer = request(server.port, "OPTIONS", LEAD, {"Access-Control-Request-Headers": asked})

    assert answer.headers["access-control-allow-headers"] == (allowed or USUAL)


def test_no_other_path_lets_a_page_read_its_answer(server: Server) -> None:
    for path in ("/api/health", "/api/whatsapp/webhook", "/nowhere"):
        answer = request(server.port, "GET", path, {"Origin": "https://example.com"})

        assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_a_preflight_is_answered_without_an_origin_too(server: Server) -> None:
    answer = request(server.port, "OPTIONS", LEAD)

    assert answer.status == 204
    assert "access-control-allow-origin" not in answer.headers
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({}, b"{}", 201),
        ({"X-Api-Key": "wrong"}, b"{}", 401),
        ({"Origin": "https://evil.com"}, b"{}", 403),
        ({}, b"{", 400),
        ({}, b'{"name":1}', 422),
        ({"Content-Type": "application/xml"}, b"<a/>", 415),
        ({}, b"x" * 70_000, 413),
    ],
)
def test_a_pages_script_can_read_every_answer(
    server: Server, guarded: Account, headers: dict[str, str], body: bytes, status: int
) -> None:
    answer = poster(server, guarded)(body, **{"Origin": "https://example.com", **headers})

    assert answer.status == status
    assert answer.headers["access-control-allow-origin"] == headers.get(
        "Origin", "https://example.com"
    )
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert answer.headers["access-control-expose-headers"] == (
        "X-Request-Id, Retry-After, Idempotency-Replayed, X-SwiftCRM-Held"
    )
    assert answer.headers["vary"] == "Origin"


def test_answers_vary_by_origin_without_one_too(server: Server, account: Account) -> None:
    assert poster(server, account)({}).headers["vary"] == "Origin"


def test_the_log_says_whose_call_was_refused(server: Server, guarded: Account) -> None:
    answer = poster(server, guarded)({}, Origin="https://evil.com")

    line = server.line_with(request_id=answer.headers["x-request-id"])
    assert (line["project_id"], line["code"]) == (guarded.project_id, "DOMAIN_NOT_ALLOWED")
