"""The handshake, over a real socket."""

import pytest

from tests.entrypoints.http.webhooks.deliveries import TOKEN, challenge
from tests.support.program import Server
from tests.support.stores import Account


def test_the_right_token_gets_the_bare_challenge(server: Server, signed: Account) -> None:
    query = f"&hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={TOKEN}"
    answer = challenge(server, signed, query)

    assert (answer.status, answer.body) == (200, b"1158201444")
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_query_appended_with_a_second_question_mark_is_read(
    server: Server, signed: Account
) -> None:
    query = f"?hub.mode=subscribe&hub.challenge=42&hub.verify_token={TOKEN}"

    assert challenge(server, signed, query).body == b"42"


@pytest.mark.parametrize(
    "query",
    [
        "&hub.mode=subscribe&hub.challenge=1&hub.verify_token=wrong",
        "&hub.mode=subscribe&hub.challenge=1&hub.verify_token=%FF%D0%BA",
    ],
)
def test_a_wrong_token_or_mode_is_403(server: Server, signed: Account, query: str) -> None:
    answer = challenge(server, signed, query)

    assert (answer.status, answer.code) == (403, "WEBHOOK_VERIFICATION_FAILED")


def test_a_challenge_that_lacks_a_parameter_is_400(server: Server, signed: Account) -> None:
    answer = challenge(server, signed, f"&hub.mode=subscribe&hub.verify_token={TOKEN}")

    assert (answer.status, answer.code) == (400, "BAD_REQUEST")


def test_a_challenge_of_odd_bytes_is_answered(server: Server, signed: Account) -> None:
    query = f"&hub.mode=subscribe&hub.challenge=%FF%ED%A0%80&hub.verify_token={TOKEN}"

    assert challenge(server, signed, query).status == 200
