"""What real programs send comes out as they mean it, over a real socket, on each store."""

import json
import re
import socket
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from domain.held import LINES, HeldCall
from entrypoints.cli.messages import advice_for
from tests.corpus.rest import CASES, HOST, NAMES, filled, requests_of
from tests.support.program import Server, serving
from tests.support.stores import Account, Store
from tests.support.wire import Answer, Connection

DOMAINS = {
    "allow": ["example.com", "*.shop.example.org", "münchen.de", "my-site.com"],
    "null": ["example.com", "null"],
}
EXPOSED = "X-Request-Id, Retry-After, Idempotency-Replayed, X-SwiftCRM-Held"


@pytest.fixture(scope="module")
def public(store: Store) -> Iterator[Server]:
    """A server that knows its own public name, and that a proxy on this machine is trusted."""
    with serving(
        store,
        public_url=f"https://{HOST}",
        rate_limit="3/minute",
        trusted_proxies="127.0.0.0/8,10.0.0.0/8",
    ) as server:
        yield server
        assert server.stop() == 0


@pytest.fixture
def of_project(store: Store) -> Callable[[str | None], Account]:
    return lambda kind: store.account(domains=DOMAINS.get(kind or "", []))


def _sent(server: Server, data: bytes, *, half_close: bool) -> Answer:
    with Connection(server.port) as connection:
        connection.send(data)
        if half_close:
            connection.socket.shutdown(socket.SHUT_WR)
        answer = connection.receive()
    assert answer is not None
    return answer


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_a_call_as_a_real_program_writes_it_comes_to_what_is_meant(
    public: Server,
    store: Store,
    of_project: Callable[[str | None], Account],
    case: dict[str, Any],
) -> None:
    account = of_project(case.get("project"))
    half_close = case.get("request", {}).get("half_close", False)
    answers = [
        _sent(public, data, half_close=half_close) for data in requests_of(case, account.key)
    ]
    expected = case["expected"]

    if "statuses" in expected:
        _check_all(answers, expected)
    else:
        _check_answer(answers[0], expected)
    leads = store.leads(account)
    if answers[0].status == 201:
        _check_lead(leads[0].details.present(), expected)
    else:
        assert leads == []
    _check_held(store.held(account), expected)


def _check_held(held: Sequence[HeldCall], expected: dict[str, Any]) -> None:
    """Exactly one call of the code that the case names; what is not said to be held is not."""
    codes = [call.code for call in held if call.code not in LINES]
    assert codes == ([expected["held"]] if "held" in expected else [])
    for call in held:
        assert re.search(expected.get("advice", ""), advice_for(call))


def _check_all(answers: list[Answer], expected: dict[str, Any]) -> None:
    assert [answer.status for answer in answers] == expected["statuses"]
    numbers = {answer.json().get("lead_id") for answer in answers}
    if expected.get("one_lead"):
        assert len(numbers) == 1
    if expected.get("replayed"):
        assert answers[-1].headers["idempotency-replayed"] == "true"


def _check_answer(answer: Answer, expected: dict[str, Any]) -> None:
    assert answer.status == expected["status"], answer.body
    said = answer.json() if answer.body else {}
    if "code" in expected:
        assert said["code"] == expected["code"]
    for member in ("errors", "warnings"):
        assert [one["field"] for one in said.get(member, ())] == expected.get(member, [])
    if "applied" in expected:
        assert answer.headers["preference-applied"] == f"handling={expected['applied']}"
    assert re.search(expected.get("says", ""), said.get("message", ""), re.DOTALL)
    for name, pattern in expected.get("headers", {}).items():
        assert re.search(pattern, answer.headers[name])
    for text in expected.get("never", ()):
        assert text.encode() not in answer.body
    if "cors" in expected:
        _check_cors(answer, expected)


def _check_cors(answer: Answer, expected: dict[str, Any]) -> None:
    assert answer.headers["access-control-allow-origin"] == expected["cors"]
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert answer.headers["access-control-expose-headers"] == EXPOSED
    assert "Origin" in answer.headers["vary"]
    if expected.get("preflight"):
        assert answer.headers["access-control-allow-methods"] == "POST, OPTIONS"
        assert answer.headers["access-control-max-age"] == "7200"
        allowed = answer.headers["access-control-allow-headers"].lower()
        assert set(expected["allow_headers"]) <= set(re.split(r",\s*", allowed))


def _check_lead(lead: dict[str, Any], expected: dict[str, Any]) -> None:
    for name, value in expected.get("lead", {}).items():
        if isinstance(value, dict):
            assert {key: lead[name].get(key) for key in value} == value
        else:
            found = lead.get(name)
            assert (list(found) if isinstance(found, tuple) else found) == value
    whole = json.dumps(lead, ensure_ascii=False)
    assert [text for text in expected.get("kept", ()) if text not in whole] == []
    for name, text in expected.get("fit", {}).items():
        sent = filled(text)
        assert sent.startswith(lead.get(name, "")) or lead["attributes"][name] == sent
