"""What a server logs from its start to its end."""

import http.client
import json
import socket
from typing import Any

import pytest

from tests.support.program import Server, serving, swiftcrm_json

EMAIL = "ada.lovelace@example.com"
FIRST_WORDS = ("server", "store", "settings", "console")
KEY = "swk_" + "A" * 33


class Session:
    """What a server logged from its start to its end, and what was done to it."""

    def __init__(self, server: Server, key: str) -> None:
        self.raw = bytes(server.raw_log)
        self.lines = server.lines
        self.key = key

    def answers(self, status: int) -> list[dict[str, Any]]:
        return [line for line in self.lines if line.get("status") == status]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """A start, a 201, a 404, a wrong key, a challenge, health, a malformed request, and an end."""
    database = tmp_path_factory.mktemp("logs") / "leads.db"
    key = swiftcrm_json(database, "project", "create", "Acme Ltd")["api_key"]
    with serving(database, rate_limits="off") as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        for method, path, body in (
            ("POST", f"/api/public/lead?api_key={key}", json.dumps({"email": EMAIL})),
            ("GET", f"/nowhere/{EMAIL}?api_key={key}", None),
            ("POST", f"/api/public/lead?api_key={KEY}", "{}"),
            ("POST", f"/api/public/lead?api_key={key}", "{"),
            ("GET", f"/api/whatsapp/webhook?api_key={key}&hub.verify_token=hunter2", None),
            ("GET", "/api/health", None),
        ):
            connection.request(method, path, body, {"X-Request-Id": "theirs-1"})
            connection.getresponse().read()
        connection.close()
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as malformed:
            malformed.sendall(b"\x16\x03\x01\xff nonsense\r\n\r\n")
            while malformed.recv(4096):
                pass
        assert server.stop() == 0
    return Session(server, key)


def test_every_line_of_a_server_is_one_json_object(session: Session) -> None:
    lines = [json.loads(line) for line in session.raw.decode().splitlines()]

    assert lines
    assert all(isinstance(line, dict) for line in lines)


def test_every_line_says_what_when_how_bad_and_where(session: Session) -> None:
    assert all({"event", "timestamp", "level", "logger"} <= line.keys() for line in session.lines)
    assert all(line["timestamp"].endswith("Z") for line in session.lines)


def test_the_life_of_a_server_is_told_in_order(session: Session) -> None:
    events = [line["event"] for line in session.lines]

    assert [event for event in events if event.startswith(FIRST_WORDS)] == [
        "settings.unknown_variable",
        "store.opening",
        "console.on",
        "server.listening",
        "server.ending",
        "server.ended",
    ]


def test_every_request_leaves_one_line(session: Session) -> None:
    answered = [line for line in session.lines if line["event"] == "http.answered"]

    assert [line["status"] for line in answered] == [201, 404, 401, 400, 400, 200, 400]
    assert len({line["request_id"] for line in answered}) == 7
    assert all(line["request_id"].startswith("req_") for line in answered)


def test_the_line_of_a_lead_names_it(session: Session) -> None:
    [line] = session.answers(201)

    assert line["lead_id"] == 1
    assert line["project_id"].startswith("prj_")
    assert line["path"] == "/api/public/lead"
    assert line["client_request_id"].startswith("theirs")


def test_the_line_of_a_request_has_nothing_of_the_one_before_on_its_connection(
    session: Session,
) -> None:
    [line] = session.answers(200)
    before = session.lines[session.lines.index(line) - 1]

    assert before["channel"] == "whatsapp"
    assert "channel" not in line


def test_the_line_of_a_refusal_has_its_code(session: Session) -> None:
    codes = [line["code"] for line in session.lines if line.get("status", 0) >= 400]

    assert codes[:3] == ["NOT_FOUND", "INVALID_API_KEY", "INVALID_JSON"]


def test_a_server_logs_no_key_no_token_and_no_address(session: Session) -> None:
    secrets = (session.key, KEY, "hunter2", EMAIL, "ada.lovelace")

    assert not [secret for secret in secrets if secret.encode() in session.raw]


def test_a_path_that_is_not_ours_is_not_logged_for_it_may_name_a_person(session: Session) -> None:
    [line] = session.answers(404)

    assert line["path"] is None
    assert line["method"]
