"""What the line of a call says: enough to see at a glance why it was refused, and nothing sent."""

from typing import Any

import pytest

from domain.api_key import new_key
from tests.entrypoints.http.conftest import LEAD, poster
from tests.entrypoints.http.connection.test_connections import begun
from tests.support.program import Server
from tests.support.stores import SQLITE, Account, Store
from tests.support.wire import Answer, Connection, request

pytestmark = pytest.mark.parametrize("store", [SQLITE], indirect=True, scope="session")
"""What is logged of a call is the same on every store."""


def line_of(server: Server, answer: Answer) -> dict[str, Any]:
    return server.line_with(request_id=answer.headers["x-request-id"])


def test_the_line_of_a_foreign_page_names_its_host_and_the_answer_does_not(
    server: Server, guarded: Account
) -> None:
    answer = poster(server, guarded)(
        {}, Referer="https://evil.com/lovelace?email=lovelace@example.com"
    )
    line = line_of(server, answer)

    assert (line["status"], line["origin"]) == (403, "evil.com")
    assert line["project_id"] == guarded.project_id
    assert b"evil" not in answer.body
    assert "lovelace" not in str(line)


@pytest.mark.parametrize("path", [LEAD, "/api/whatsapp/webhook"])
def test_the_line_of_a_revoked_key_says_whose_it_is_and_the_answer_is_that_of_an_unknown_one(
    server: Server, store: Store, path: str
) -> None:
    account = store.account()
    store.revoke(account)
    revoked, unknown = (
        request(
            server.port, "POST", path, {"X-Api-Key": key, "Origin": "https://old.example"}, b"{}"
        )
        for key in (account.key, new_key())
    )
    line = line_of(server, revoked)

    assert (line["status"], line["cause"]) == (401, "The key was revoked.")
    assert (line["project_id"], line["key_id"]) == (account.project_id, account.key_id)
    assert line["origin"] == "old.example"
    assert account.key.endswith(line["key_hint"])
    assert account.key[:-4] not in str(line)
    assert "project_id" not in line_of(server, unknown)
    assert _without_id(revoked) == _without_id(unknown)


def test_the_line_of_a_lead_that_is_not_valid_says_what_each_field_must_be(
    server: Server, account: Account
) -> None:
    answer = poster(server, account)({"email": "lovelace", "lovelace": 2**64, "utm": "lovelace"})
    line = line_of(server, answer)

    assert (line["status"], line["project_id"]) == (422, account.project_id)
    assert line["fields"] == {
        "attributes": "must not contain integers outside signed 64 bits",
        "email": "must be an e-mail address",
        "utm": "must be an object",
    }
    assert "lovelace" not in str(line)


def test_the_line_of_a_body_that_is_no_json_says_where(server: Server, account: Account) -> None:
    line = line_of(server, poster(server, account)(b'{"lovelace": 1 "b"}'))

    assert line["status"] == 400
    assert line["cause"] == "It stops being JSON in line 1, column 16."
    assert "lovelace" not in str(line)


def test_the_line_of_a_path_with_a_slip_names_it_and_what_was_meant(server: Server) -> None:
    line = line_of(server, request(server.port, "POST", "/api/public/leads?email=lovelace"))

    assert (line["status"], line["path"], line["meant"]) == (404, "/api/public/leads", LEAD)
    assert "lovelace" not in str(line)


def test_the_line_of_a_wrong_method_names_the_path(server: Server) -> None:
    line = line_of(server, request(server.port, "GET", LEAD))

    assert (line["status"], line["path"]) == (405, LEAD)


def test_who_leaves_before_the_answer_is_no_failure_and_got_no_status(
    server: Server, account: Account
) -> None:
    with Connection(server.port) as connection:
        connection.send(begun(account, "X-Request-Id: left") + b"{")
    line = server.line_with(client_request_id="left")

    assert (line["event"], line["level"]) == ("http.client_gone", "info")
    assert (line["path"], line["project_id"]) == (LEAD, account.project_id)
    assert not {"status", "code"} & line.keys()


def _without_id(answer: Answer) -> tuple[bytes, dict[str, str]]:
    """What a caller sees of an answer, but for its id."""
    request_id = answer.headers["x-request-id"]
    headers = {name: text for name, text in answer.headers.items() if name != "x-request-id"}
    return answer.body.replace(request_id.encode(), b""), headers
