"""Section 1 of the contract: what a lead is answered with, byte for byte."""

import re

import pytest

from tests.entrypoints.http.conftest import LEAD, Post, lead_of
from tests.support.program import Server
from tests.support.stores import Account, Store
from tests.support.wire import request

WHOLE = {
    "name": "Ada Lovelace",
    "email": "ada@example.com",
    "phone": "+44 20 7946 0000",
    "attributes": {"plan": "gold", "seats": 3},
    "source_url": "https://example.com/pricing",
    "referrer": "https://search.example/",
    "utm": {"utm_source": "newsletter", "utm_medium": "email"},
    "page_trail": ["/", "/pricing"],
}


def test_a_lead_is_answered_201_with_the_members_of_the_contract_in_order(post: Post) -> None:
    answer = post(WHOLE)

    assert answer.status == 201
    assert answer.headers["content-type"] == "application/json"
    assert re.fullmatch(
        rb'\{"code":"LEAD_CREATED","message":"Lead captured\.",'
        rb'"request_id":"req_[0-9a-f]{32}","lead_id":[0-9]+\}',
        answer.body,
    )


def test_a_lead_is_kept_as_it_was_sent(store: Store, account: Account, post: Post) -> None:
    answer = post(WHOLE)

    kept = lead_of(store, account, answer)
    assert kept.pop("channel") == "rest"
    assert kept.pop("request_id") == answer.json()["request_id"]
    assert kept == WHOLE | {"page_trail": ("/", "/pricing")}


def test_the_request_id_is_in_body_and_header_and_sorts_by_time(post: Post) -> None:
    answers = [post({}) for _ in range(3)]

    ids = [answer.json()["request_id"] for answer in answers]
    assert ids == [answer.headers["x-request-id"] for answer in answers]
    assert ids == sorted(ids)


def test_a_clients_own_request_id_is_logged_and_not_taken_over(server: Server, post: Post) -> None:
    answer = post({}, X_Request_Id="theirs-42")

    assert "theirs" not in answer.headers["x-request-id"]
    line = server.line_with(client_request_id="theirs-42")
    assert line["request_id"] == answer.headers["x-request-id"]


def test_a_key_that_a_client_takes_as_its_request_id_is_not_logged(
    server: Server, account: Account, post: Post
) -> None:
    answer = post({}, X_Request_Id=f"key-{account.key}")

    assert server.line_with(request_id=answer.headers["x-request-id"])["client_request_id"] == (
        "key-[a key was here]"
    )


SPELLINGS = [
    LEAD,
    f"{LEAD}/",
    f"{LEAD}//",
    f"/{LEAD}",
    "/api//public///lead",
    "/api/public/%6cead",
    "/api/%70ublic/lea%64/",
    "/%61%70%69/%70%75%62%6C%69%63/%6C%65%61%64",
]
"""The lead path as programs write it that join addresses."""


@pytest.mark.parametrize("path", SPELLINGS)
def test_the_lead_path_may_have_slashes_more_and_encoded_letters(
    server: Server, account: Account, post: Post, path: str
) -> None:
    answer = post({}, f"{path}?api_key={account.key}", X_Api_Key=None, Origin="https://a.example")

    assert answer.status == 201
    assert answer.headers["access-control-allow-origin"] == "https://a.example"
    line = server.line_with(request_id=answer.headers["x-request-id"])
    assert line["path"] == LEAD
    assert request(server.port, "OPTIONS", path).status == 204


@pytest.mark.parametrize("path", ["/api/public/leads", "/API/public/lead", "/api/public/le/ad",
                                  "/../api/public/lead", "/api/public%2Flead", "/api/public/lead;x",
                                  "/api/public/%256cead", "/api/public/%4cead", "//api/health",
                                  "/api/nobody/webhook", "//api/whatsapp/webhook",
                                  "/api/%77hatsapp/webhook"])  # fmt: skip
def test_an_unknown_path_is_404(server: Server, account: Account, path: str) -> None:
    answer = request(server.port, "POST", path, {"X-Api-Key": account.key}, b"{}")

    assert (answer.status, answer.code) == (404, "NOT_FOUND")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "TRACE", "post"])
def test_a_wrong_method_is_405_and_says_which_are_right(server: Server, method: str) -> None:
    answer = request(server.port, method, LEAD)

    assert answer.status == 405
    assert sorted(answer.headers["allow"].split(", ")) == ["OPTIONS", "POST"]
    assert "redirect" in answer.json()["message"]
    assert server.line_with(request_id=answer.headers["x-request-id"])["path"] == LEAD


def test_elsewhere_a_wrong_method_is_just_that(server: Server) -> None:
    answer = request(server.port, "POST", "/api/health")

    assert answer.status == 405
    assert answer.json()["message"] == "This method is not allowed here."


def test_no_answer_may_be_cached_or_sniffed(post: Post) -> None:
    headers = post({}).headers

    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "alt-svc" not in headers


def test_health_says_ok(server: Server) -> None:
    answer = request(server.port, "GET", "/api/health")

    assert (answer.status, answer.body) == (200, b'{"status":"ok"}')


def test_ready_says_ready(server: Server) -> None:
    answer = request(server.port, "GET", "/api/ready")

    assert (answer.status, answer.body) == (200, b'{"status":"ready"}')


@pytest.mark.parametrize(("method", "path"), [("GET", "/api/health"), ("OPTIONS", LEAD)])
def test_a_body_that_nobody_asked_for_is_read_and_ignored(
    server: Server, method: str, path: str
) -> None:
    answer = request(server.port, method, path, {}, b"{}")

    assert answer.status in (200, 204)
    assert not [line for line in server.lines if line["logger"] == "sanic.error"]


DIFFERS = {"x-request-id", "content-length"}


@pytest.mark.parametrize("origin", [None, "https://shop.example", "https://shöp.example"])
def test_an_answer_to_a_lead_has_the_headers_of_every_other_answer(
    server: Server, post: Post, origin: str | None
) -> None:
    sent = None if origin is None else origin.encode()
    others = {} if sent is None else {"Origin": sent}
    created, refused = post({}, Origin=sent), post({"email": "nobody"}, Origin=sent)
    unknown = post({}, Origin=sent, X_Api_Key="nobody's")
    sanics = request(server.port, "GET", LEAD, others)

    assert (created.status, refused.status, unknown.status) == (201, 422, 401)
    assert sanics.status == 405
    assert sanics.headers.pop("allow")
    assert unknown.headers.pop("www-authenticate") == "Bearer"
    for ours in (created, refused, unknown):
        assert ours.headers.keys() == sanics.headers.keys()
        for name in sanics.headers.keys() - DIFFERS:
            assert ours.headers[name] == sanics.headers[name]


@pytest.mark.parametrize("target", [f"http://test{LEAD}", f"{LEAD}#form", f"{LEAD}?utm=a"])
def test_however_the_lead_path_is_named_a_lead_is_one_line_in_the_log(
    server: Server, post: Post, target: str
) -> None:
    answer = post({}, target)

    assert answer.status == 201
    server.line_with(request_id=answer.headers["x-request-id"])
    after = post({})
    server.line_with(request_id=after.headers["x-request-id"])
    first, *others = (
        line
        for line in server.lines
        if line.get("request_id") == answer.headers["x-request-id"]
        or line["logger"].startswith("sanic")
    )
    assert (first["event"], first["path"], others) == ("http.answered", LEAD, [])
