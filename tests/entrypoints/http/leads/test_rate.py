"""The limit of calls in a short window; what a full month answers is in `test_held`."""

from pathlib import Path

import pytest

from tests.entrypoints.http.conftest import poster
from tests.support.program import serving
from tests.support.stores import Store
from tests.support.wire import request


@pytest.fixture
def fresh(tmp_path: Path) -> Store:
    """Calls are counted in the process, whatever the store."""
    return Store(tmp_path / "swiftcrm.db")


def test_too_many_calls_in_a_window_are_429_per_project(fresh: Store) -> None:
    one, other = fresh.account(), fresh.account()
    client = {"X_Forwarded_For": "203.0.113.7"}
    with serving(fresh, rate_limit="3/hour", trusted_proxies="127.0.0.1") as server:
        statuses = [poster(server, one)({}, **client).status for _ in range(4)]
        refused = poster(server, one)({}, **client)

        assert statuses == [201, 201, 201, 429]
        assert refused.code == "RATE_LIMITED"
        assert 1 <= int(refused.headers["retry-after"]) <= 3600
        assert poster(server, other)({}, **client).status == 201
        assert server.stop() == 0


def test_webhooks_are_exempt_from_the_rate(fresh: Store) -> None:
    account = fresh.account()
    path = f"/api/whatsapp/webhook?api_key={account.key}"
    client = {"X-Forwarded-For": "203.0.113.7"}
    with serving(fresh, rate_limit="1/hour", trusted_proxies="127.0.0.1") as server:
        statuses = [request(server.port, "POST", path, client, b"{}").status for _ in range(3)]

    assert statuses == [200, 200, 200]


def test_behind_a_trusted_proxy_each_client_has_a_window_of_its_own(fresh: Store) -> None:
    post_as = {
        "198.51.100.1:4711": 201,
        "[2001:db8::1]": 201,
        "9.9.9.9, 198.51.100.1": 429,
        "[2001:db8::2]:4711": 429,
        "198.51.100.2": 201,
    }
    account = fresh.account()
    with serving(fresh, rate_limit="1/hour", trusted_proxies="127.0.0.0/8") as server:
        post = poster(server, account)
        answers = [post({}, X_Forwarded_For=forwarded) for forwarded in post_as]
        server.stop()

    assert [answer.status for answer in answers] == list(post_as.values())
    assert not [line for line in server.lines if "advice" in line]


def test_a_peer_that_may_be_an_unnamed_proxy_is_not_limited_and_named_once(fresh: Store) -> None:
    account = fresh.account()
    with serving(fresh, rate_limit="1/hour") as server:
        post = poster(server, account)
        headers = [{}, {}, {"X_Forwarded_For": "1.1.1.1"}, {"X_Forwarded_For": "1.1.1.1"}]
        answers = [post({}, **each) for each in headers]
        server.stop()

    assert [answer.status for answer in answers] == [201] * 4
    advice = "If this is your proxy, add it to SWIFTCRM_TRUSTED_PROXIES."
    said = [line for line in server.lines if line.get("advice") == advice]
    assert [(line["event"], line["peer"]) for line in said] == [
        ("http.peer_not_limited", "127.0.0.1"),
        ("http.forwarded_header_ignored", "127.0.0.1"),
    ]
    assert not [line for line in said if "request_id" in line]
