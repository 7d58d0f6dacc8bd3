"""What is refused is held, over a real socket and on each store: nobody has to be asked again."""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from domain.held import KEY_REVOKED, NO_ROOM, RATE_LIMITED, HeldCall
from domain.plan import seconds_to_next_month
from tests.entrypoints.http.conftest import poster
from tests.support.program import Server, serving, swiftcrm_json
from tests.support.stores import Account, Store
from tests.support.wire import Answer

ADA = {"name": "Ada Lovelace", "email": "ada@example.com"}
CLIENT = {"X_Forwarded_For": "203.0.113.7"}
EVIL = "https://evil.example.net"
NOT_UTF8 = b'{"name":"J\xf6rg"'
MEMBERS = {"code", "message", "request_id"}


@pytest.fixture
def full(store: Store) -> Account:
    """A project whose month has no place."""
    return store.account(monthly_limit=0)


@pytest.fixture(scope="module")
def narrow(store: Store) -> Iterator[Server]:
    """A server that holds one call of a code, and takes one an hour of each client."""
    with serving(store, held_max="1", rate_limit="1/hour", trusted_proxies="127.0.0.1") as server:
        yield server
        assert server.stop() == 0


def only_held(store: Store, account: Account) -> HeldCall:
    (held,) = store.held(account)
    return held


def test_a_call_in_a_full_month_is_held_and_its_answer_says_so(
    store: Store, server: Server, full: Account
) -> None:
    answer = poster(server, full)(ADA, Origin="https://example.com")

    assert answer.status == 429
    assert answer.json() == {
        "code": "PLAN_LIMIT_REACHED",
        "message": "Monthly lead limit reached. Please upgrade.",
        "request_id": answer.headers["x-request-id"],
    }
    assert answer.headers["x-swiftcrm-held"] == "true"
    assert "retry-after" not in answer.headers
    assert "X-SwiftCRM-Held" in answer.headers["access-control-expose-headers"].split(", ")
    (listed,) = swiftcrm_json(store, "held", "list", full.project_id, **store.variables())
    assert (listed["code"], listed["origin"]) == ("PLAN_LIMIT_REACHED", "example.com")
    assert listed["request_id"] == answer.headers["x-request-id"]


def test_where_there_is_no_room_a_full_month_is_429_until_the_next_one(
    store: Store, narrow: Server, full: Account
) -> None:
    post = poster(narrow, full)
    held = post(ADA)

    before = seconds_to_next_month(datetime.now(UTC))
    refused = post({"name": "Grace"})
    after = seconds_to_next_month(datetime.now(UTC))

    assert held.headers["x-swiftcrm-held"] == "true"
    assert (refused.status, set(refused.json())) == (429, MEMBERS)
    assert "x-swiftcrm-held" not in refused.headers
    assert after <= int(refused.headers["retry-after"]) <= before
    narrow.wait_until(lambda: len(store.held(full)) == 2)
    first, line = store.held(full)
    assert first.request_id == held.headers["x-request-id"]
    assert (line.code, line.origin, line.body) == (NO_ROOM, "PLAN_LIMIT_REACHED", "")


REFUSED: dict[str, tuple[bytes, dict[str, str], int, str | None]] = {
    "DOMAIN_NOT_ALLOWED": (b'{"name":"Ada"}', {"Origin": EVIL}, 403, "evil.example.net"),
    "VALIDATION_FAILED": (b'{"name":1}', {}, 422, None),
    "INVALID_JSON": (b'{"name":', {"Referer": "https://example.com/a?b"}, 400, "example.com"),
}


@pytest.mark.parametrize("code", REFUSED)
def test_what_is_refused_is_held_as_received_under_the_code_of_the_answer(
    store: Store, server: Server, code: str
) -> None:
    body, headers, status, origin = REFUSED[code]
    account = store.account(domains=["example.com"])

    answer = poster(server, account)(body, **headers)

    assert (answer.status, answer.code) == (status, code)
    assert not {"x-swiftcrm-held", "retry-after"} & set(answer.headers)
    held = only_held(store, account)
    assert (held.code, held.body.encode(), held.origin) == (code, body, origin)
    assert held.request_id == answer.headers["x-request-id"]


def test_bytes_that_are_no_text_are_held_as_they_came(store: Store, server: Server) -> None:
    account = store.account()

    answer = poster(server, account)(NOT_UTF8)

    assert (answer.status, answer.code) == (400, "INVALID_JSON")
    held = only_held(store, account)
    assert base64.b64decode(held.body_base64 or "") == NOT_UTF8
    assert held.body == '{"name":"Jörg"'


def test_who_may_not_call_and_what_is_not_read_is_not_held(store: Store, server: Server) -> None:
    account = store.account(monthly_limit=1)
    post = poster(server, account)
    key = {"Idempotency_Key": "6f1f9f0e-9f0b-4a52-8a35-0d3b3c8d9b51"}

    answers: list[Answer] = [
        post(ADA, X_Api_Key="swk_nonsense"),
        post(b"x" * 70_000),
        post(b"<a/>", Content_Type="application/xml"),
        post(ADA, Content_Encoding="gzip"),
        post(ADA, Idempotency_Key="é"),
        post(ADA, **key),
        post({"name": "Grace"}, **key),
    ]

    assert [answer.status for answer in answers] == [401, 413, 415, 415, 400, 201, 422]
    assert answers[-1].code == "IDEMPOTENCY_KEY_REUSED"
    assert store.held(account) == []


def test_the_same_call_again_is_one_held_call_and_counted(
    store: Store, server: Server, full: Account
) -> None:
    answers = [
        poster(server, full)(body)
        for body in (
            b'{"name":"Ada","phone":"1"}',
            b'{"phone": "1", "name": "Ada"}',
            b'{"name":"Ada"}',
        )
    ]

    assert [answer.headers["x-swiftcrm-held"] for answer in answers] == ["true"] * 3
    twice, once = store.held(full)
    assert (twice.times, once.times) == (2, 1)
    assert twice.request_id == answers[0].headers["x-request-id"]
    assert twice.last_at is not None
    assert twice.last_at > twice.at


def test_who_tried_again_and_got_through_is_listed_with_the_lead(
    store: Store, server: Server, full: Account
) -> None:
    post = poster(server, full)
    for _ in range(2):
        assert post(ADA).status == 429
    store.update(full, monthly_limit=1000)
    server.wait_until(lambda: post({"name": "Somebody else"}).status == 201)

    lead_id = post(ADA).json()["lead_id"]

    first, *_ = swiftcrm_json(store, "held", "list", full.project_id, **store.variables())
    assert (first["times"], first["arrived_as"]) == (2, lead_id)


def test_too_many_calls_and_a_revoked_key_leave_lines_that_count_and_hold_nothing(
    store: Store, narrow: Server
) -> None:
    fast, revoked = store.account(), store.account()
    store.revoke(revoked)

    answers = [poster(narrow, fast)(ADA, Origin=EVIL, **CLIENT) for _ in range(4)]
    refused = [poster(narrow, revoked)(ADA, Origin=EVIL, **CLIENT) for _ in range(2)]

    assert [answer.status for answer in answers] == [201, 429, 429, 429]
    assert [answer.status for answer in refused] == [401, 401]
    for account, code, times in ((fast, RATE_LIMITED, 3), (revoked, KEY_REVOKED, 2)):
        _wait_for_lines(store, narrow, account, times)
        lines = store.held(account)
        assert {(line.code, line.origin, line.body) for line in lines} == {
            (code, "evil.example.net", "")
        }
        assert len({line.at.replace(second=0, microsecond=0) for line in lines}) == len(lines)


def _wait_for_lines(store: Store, server: Server, account: Account, times: int) -> None:
    """They are written down within a second; a new minute begins a new line."""
    server.wait_until(lambda: sum(line.times for line in store.held(account)) == times)


ESCAPED = r"\u0073wk_"
"""How a program may write the beginning of a key into JSON."""


@pytest.mark.parametrize("limit", [0, None], ids=["held", "kept"])
def test_a_key_of_ours_in_a_body_is_never_stored(
    store: Store, server: Server, limit: int | None
) -> None:
    account = store.account(monthly_limit=limit)
    escaped = ESCAPED + account.key.removeprefix("swk_")
    body = f'{{"name":"Ada","api_key":"{account.key}","note":"{escaped}","{account.key}":"x"}}'

    poster(server, account)(body.encode())
    swiftcrm_json(store, "held", "release", account.project_id, **store.variables())
    store.update(account, monthly_limit=None)

    said = [str(held) for held in store.held(account)] + [
        str(lead) for lead in store.leads(account)
    ]
    assert "a key was here" in said[0]
    assert account.key not in said[0]
    assert escaped not in said[0]
    if store.kind == "sqlite":
        stored = b"".join(file.read_bytes() for file in store.folder.iterdir() if file.is_file())
        assert account.project_id.encode() in stored
        assert account.key.encode() not in stored
