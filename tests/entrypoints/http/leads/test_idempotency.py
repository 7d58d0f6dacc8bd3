"""The Idempotency-Key header, over a real socket."""

import pytest

from tests.entrypoints.http.conftest import Post, poster
from tests.support.program import Server
from tests.support.stores import Store
from tests.support.wire import request

LEAD_BODY = {"name": "Ada", "attributes": {"a": 1, "b": [1, 2]}}


def test_the_same_key_and_lead_give_the_same_lead_id_and_say_so(post: Post) -> None:
    first = post(LEAD_BODY, Idempotency_Key="order-1")
    again = post(LEAD_BODY, Idempotency_Key="order-1")

    assert (first.status, again.status) == (201, 201)
    assert again.json()["lead_id"] == first.json()["lead_id"]
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert again.json()["request_id"] != first.json()["request_id"]


def test_leads_are_compared_after_normalising(post: Post) -> None:
    first = post(b'{"name":" Ada ","a":1,"b":2}', Idempotency_Key="order-2")
    again = post(b'{"b":2, "attributes":{"a":1}, "name":"Ada","phone":""}',
                 Idempotency_Key='"order-2"')  # fmt: skip

    assert again.status == 201
    assert again.json()["lead_id"] == first.json()["lead_id"]


def test_the_same_key_for_another_lead_is_422(post: Post) -> None:
    post(LEAD_BODY, Idempotency_Key="order-3")
    answer = post({"name": "Grace"}, Idempotency_Key="order-3")

    assert (answer.status, answer.code) == (422, "IDEMPOTENCY_KEY_REUSED")


def test_a_key_belongs_to_its_project(store: Store, server: Server, post: Post) -> None:
    post(LEAD_BODY, Idempotency_Key="order-4")
    other = poster(server, store.account())({"name": "Grace"}, Idempotency_Key="order-4")

    assert other.status == 201
    assert "idempotency-replayed" not in other.headers


@pytest.mark.parametrize("key", ["a", "x" * 255, '"' + "x" * 255 + '"', 'a"b', "a b", "!~"])
def test_printable_ascii_up_to_255_is_a_key(post: Post, key: str) -> None:
    assert post({}, Idempotency_Key=key).status == 201


@pytest.mark.parametrize(
    "key", ["", '""', "x" * 256, '"' + "x" * 256 + '"', "clé", b"a\xff", b"a\tb"]
)
def test_what_is_no_key_is_400(post: Post, key: str | bytes) -> None:
    answer = post({}, Idempotency_Key=key)

    assert (answer.status, answer.code) == (400, "INVALID_IDEMPOTENCY_KEY")


def test_two_keys_that_differ_are_none(server: Server, store: Store) -> None:
    account = store.account()
    headers = [("X-Api-Key", account.key), ("Idempotency-Key", "a"), ("Idempotency-Key", "b")]
    answer = request(server.port, "POST", "/api/public/lead", headers, b"{}")

    assert (answer.status, answer.code) == (400, "INVALID_IDEMPOTENCY_KEY")


def test_a_refusal_is_never_remembered(post: Post) -> None:
    assert post({"name": 1}, Idempotency_Key="order-5").status == 422
    assert post({"name": "1"}, Idempotency_Key="order-5").status == 201


def test_in_a_full_month_a_known_key_still_gets_its_lead(store: Store, server: Server) -> None:
    post = poster(server, store.account(monthly_limit=1))
    first = post(LEAD_BODY, Idempotency_Key="order-6")

    again = post(LEAD_BODY, Idempotency_Key="order-6")
    other = post({"name": "Grace"}, Idempotency_Key="order-6")
    new = post(LEAD_BODY, Idempotency_Key="order-7")

    assert again.json()["lead_id"] == first.json()["lead_id"]
    assert other.code == "IDEMPOTENCY_KEY_REUSED"
    assert new.code == "PLAN_LIMIT_REACHED"


def test_a_lead_is_validated_before_its_key_is_judged(server: Server, store: Store) -> None:
    account = store.account()
    headers = [("X-Api-Key", account.key), ("Idempotency-Key", "a"), ("Idempotency-Key", "b")]
    answer = request(server.port, "POST", "/api/public/lead", headers, b'{"name":1}')

    assert (answer.status, answer.code) == (422, "VALIDATION_FAILED")
