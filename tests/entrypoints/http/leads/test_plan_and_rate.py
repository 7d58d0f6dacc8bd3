"""The two limits: leads a month, and calls in a short window."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.plan import seconds_to_next_month
from tests.entrypoints.http.conftest import LEAD, poster
from tests.support.program import Server, serving
from tests.support.stores import Store
from tests.support.wire import request


def test_a_full_month_is_429_until_the_next_one(store: Store, server: Server) -> None:
    post = poster(server, store.account(monthly_limit=2))
    assert [post({}).json()["lead_id"] for _ in range(2)] == [1, 2]

    before = seconds_to_next_month(datetime.now(UTC))
    answer = post({})
    after = seconds_to_next_month(datetime.now(UTC))

    assert answer.status == 429
    assert answer.json() == {
        "code": "PLAN_LIMIT_REACHED",
        "message": "Monthly lead limit reached. Please upgrade.",
        "request_id": answer.headers["x-request-id"],
    }
    assert after <= int(answer.headers["retry-after"]) <= before


@pytest.fixture
def fresh(tmp_path: Path) -> Store:
    """Calls are counted in the process, whatever the store."""
    return Store(tmp_path / "swiftcrm.db")


def test_too_many_calls_in_a_window_are_429_per_project(fresh: Store) -> None:
    one, other = fresh.account(), fresh.account()
    with serving(fresh, rate_limit="3/hour") as server:
        statuses = [poster(server, one)({}).status for _ in range(4)]
        refused = poster(server, one)({})

        assert statuses == [201, 201, 201, 429]
        assert refused.code == "RATE_LIMITED"
        assert 1 <= int(refused.headers["retry-after"]) <= 3600
        assert poster(server, other)({}).status == 201
        assert server.stop() == 0


def test_webhooks_are_exempt_from_the_rate(fresh: Store) -> None:
    account = fresh.account()
    path = f"/api/whatsapp/webhook?api_key={account.key}"
    with serving(fresh, rate_limit="1/hour") as server:
        statuses = [request(server.port, "POST", path, {}, b"{}").status for _ in range(3)]

    assert statuses == [200, 200, 200]


@pytest.mark.parametrize(
    ("trusted", "forwarded", "statuses"),
    [
        # A direct client cannot make itself many.
        ("", ["1.1.1.1", "2.2.2.2", "3.3.3.3"], [201, 429, 429]),
        # Behind a trusted proxy each client has a window of its own, by the right-most address.
        ("127.0.0.0/8", ["1.1.1.1", "2.2.2.2", "9.9.9.9, 2.2.2.2"], [201, 201, 429]),
        # Several trusted proxies in a row are passed over.
        ("127.0.0.1,10.0.0.0/8", ["1.1.1.1, 10.0.0.1", "1.1.1.1", "x"], [201, 429, 201]),
    ],
)
def test_the_clients_address_is_the_right_most_untrusted_one(
    fresh: Store, trusted: str, forwarded: list[str], statuses: list[int]
) -> None:
    account = fresh.account()
    with serving(fresh, rate_limit="1/hour", trusted_proxies=trusted) as server:
        answers = [
            request(
                server.port, "POST", LEAD,
                {"X-Api-Key": account.key, "X-Forwarded-For": header}, b"{}",
            )
            for header in forwarded
        ]  # fmt: skip
        server.stop()

    assert [answer.status for answer in answers] == statuses
    ignored = [line for line in server.lines if line["event"] == "http.forwarded_header_ignored"]
    advice = "If this is your proxy, add it to SWIFTCRM_TRUSTED_PROXIES."
    assert [line["advice"] for line in ignored] == ([] if trusted else [advice])
