"""The Idempotency-Key header, over a real socket."""

import pytest

from tests.entrypoints.http.conftest import Post
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


def test_the_same_key_for_another_lead_is_422(post: Post) -> None:
    post(LEAD_BODY, Idempotency_Key="order-3")
    answer = post({"name": "Grace"}, Idempotency_Key="order-3")

    assert (answer.status, answer.code) == (422, "IDEMPOTENCY_KEY_REUSED")


@pytest.mark.parametrize("key", ["x" * 256, '"' + "x" * 256 + '"', "clé", b"a\xff", b"a\tb"])
def test_what_is_no_key_is_400(post: Post, key: str | bytes) -> None:
    answer = post({}, Idempotency_Key=key)

    assert (answer.status, answer.code) == (400, "INVALID_IDEMPOTENCY_KEY")


def test_an_empty_key_is_none(post: Post) -> None:
    first, second = (post(LEAD_BODY, Idempotency_Key="") for _ in range(2))

    assert (first.status, second.status) == (201, 201)
    assert first.json()["lead_id"] != second.json()["lead_id"]


@pytest.mark.parametrize("header", ["webhook-id", "Framer-Webhook-Submission-Id", "svix-id"])
def test_the_header_in_which_a_sender_names_its_delivery_makes_one_lead(
    post: Post, header: str
) -> None:
    first, again = (post(LEAD_BODY, **{header: "msg_1"}) for _ in range(2))
    other = post({"name": "Grace"}, **{header: "msg_1"})

    assert again.json()["lead_id"] == first.json()["lead_id"]
    assert again.headers["idempotency-replayed"] == "true"
    assert other.status == 201
    assert other.json()["lead_id"] != first.json()["lead_id"]


def test_two_keys_that_differ_are_none(server: Server, store: Store) -> None:
    account = store.account()
    headers = [("X-Api-Key", account.key), ("Idempotency-Key", "a"), ("Idempotency-Key", "b")]
    answer = request(server.port, "POST", "/api/public/lead", headers, b"{}")

    assert (answer.status, answer.code) == (400, "INVALID_IDEMPOTENCY_KEY")
