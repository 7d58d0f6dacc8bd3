"""`Prefer: handling=lenient` and what a project prefers, over a real socket."""

import pytest

from tests.entrypoints.http.conftest import Post, lead_of, poster
from tests.support.program import Server
from tests.support.stores import Account, Store

WRONG = {"name": "Ada", "email": "n/a"}


@pytest.fixture(scope="module")
def lenient(store: Store, server: Server) -> Account:
    """A project that reads leniently where a call says nothing else."""
    account = store.account("lenient")
    store.update(account, lenient=True)
    return account


@pytest.mark.parametrize(
    "header",
    ["handling=lenient", "Handling = Lenient", 'respond-async, handling="lenient"; x=1, wait=10'],
)
def test_a_call_that_prefers_leniency_is_no_422(
    store: Store, account: Account, post: Post, header: str
) -> None:
    answer = post(WRONG, Prefer=header)

    assert lead_of(store, account, answer)["attributes"] == {"email": "n/a"}
    assert answer.headers["preference-applied"] == "handling=lenient"
    assert list(answer.json())[-1] == "warnings"
    assert answer.json()["warnings"] == [{"field": "email", "message": "must be an e-mail address"}]


def test_what_fits_has_no_warnings(post: Post) -> None:
    answer = post({"name": "Ada"}, Prefer="handling=lenient")

    assert list(answer.json()) == ["code", "message", "request_id", "lead_id"]
    assert answer.headers["preference-applied"] == "handling=lenient"


@pytest.mark.parametrize(
    "header",
    ["", "return=minimal", "xhandling=lenient", "handling=lax", 'foo="a, handling=lenient"'],
)
def test_any_other_preference_is_none(post: Post, header: str) -> None:
    answer = post(WRONG, Prefer=header)

    assert answer.status == 422
    assert "preference-applied" not in answer.headers


def test_a_project_may_prefer_leniency_for_all_of_its_calls(
    server: Server, store: Store, lenient: Account
) -> None:
    answer = poster(server, lenient)(WRONG)

    assert lead_of(store, lenient, answer)["name"] == "Ada"
    assert [warning["field"] for warning in answer.json()["warnings"]] == ["email"]
    assert "preference-applied" not in answer.headers


def test_a_call_that_prefers_strictness_gets_it_in_such_a_project(
    server: Server, lenient: Account
) -> None:
    post = poster(server, lenient)
    kept = post({"name": "Ada"}, Prefer="handling=strict, handling=lenient")

    assert post(WRONG, Prefer="handling=strict").status == 422
    assert (kept.status, kept.headers["preference-applied"]) == (201, "handling=strict")


def test_what_is_far_too_deep_is_kept_as_text_under_a_key_too(post: Post) -> None:
    deep = b'{"x":' + b"[" * 1000 + b"]" * 1000 + b"}"
    first, again = (post(deep, Prefer="handling=lenient", Idempotency_Key="deep") for _ in range(2))

    assert (first.status, again.headers["idempotency-replayed"]) == (201, "true")
