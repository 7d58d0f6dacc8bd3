"""The relay of `docs/adding-a-channel.md`, between a sender like Meta and the real service."""

import hashlib
import hmac
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.docs.test_adding_a_channel import FILES
from tests.support.program import serving, swiftcrm_json
from tests.support.wire import Answer, request

APP_SECRET, VERIFY_TOKEN, META_TOKEN = "an-app-secret", "a-verify-token", "a-token-of-the-page"
NOBODYS_KEY = "swk_nobodys"


class Meta(ThreadingHTTPServer):
    """Has leads, and gives each to whoever shows the token; what it does not have is an error."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Graph)
        self.leads: dict[str, dict[str, str]] = {}


class _Graph(BaseHTTPRequestHandler):
    server: Meta

    def do_GET(self) -> None:
        lead_id = self.path.split("?")[0].strip("/")
        found = self.server.leads.get(lead_id)
        is_ours = self.headers["Authorization"] == f"Bearer {META_TOKEN}"
        self.send_response(200 if found and is_ours else 500)
        self.end_headers()
        fields = [{"name": name, "values": [value]} for name, value in (found or {}).items()]
        self.wfile.write(json.dumps({"id": lead_id, "field_data": fields}).encode())

    def do_POST(self) -> None:
        """As any page answers that a wrong address leads to."""
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None: ...


class Relay:
    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        self.printed = process.stdout
        self.port = int(process.stdout.readline().split()[-1])

    def deliver(self, *lead_ids: str, secret: str = APP_SECRET) -> Answer:
        """As Meta does."""
        changes = [{"field": "leadgen", "value": {"leadgen_id": one}} for one in lead_ids]
        body = json.dumps({"object": "page", "entry": [{"changes": changes}]}).encode()
        signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature-256": f"sha256={signature}"}
        return request(self.port, "POST", "/", headers, body)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("relay") / "leads.db"


@pytest.fixture(scope="module")
def leads_url(database: Path) -> Iterator[str]:
    with serving(database) as server:
        yield f"{server.url}/api/public/lead"


@pytest.fixture(scope="module")
def meta() -> Iterator[Meta]:
    with Meta() as meta:
        threading.Thread(target=meta.serve_forever, daemon=True).start()
        yield meta
        meta.shutdown()


@contextmanager
def _relaying(database: Path, meta: Meta, leads_url: str, key: str) -> Iterator[Relay]:
    (database.parent / "relay.py").write_text(FILES["relay.py"])
    settings = {
        "META_URL": f"http://127.0.0.1:{meta.server_port}",
        "META_TOKEN": META_TOKEN,
        "APP_SECRET": APP_SECRET,
        "VERIFY_TOKEN": VERIFY_TOKEN,
        "LEADS_URL": leads_url,
        "LEADS_KEY": key,
        "PORT": "0",
    }
    with subprocess.Popen(
        [sys.executable, database.parent / "relay.py"],
        env=os.environ | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            yield Relay(process)
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def relay(database: Path, meta: Meta, leads_url: str) -> Iterator[Relay]:
    key = swiftcrm_json(database, "project", "create", "Acme")["api_key"]
    with _relaying(database, meta, leads_url, key) as relay:
        yield relay


def _leads(database: Path, meta_id: str) -> list[Any]:
    leads = swiftcrm_json(database, "lead", "list", "Acme")
    return [lead for lead in leads if lead["attributes"]["id"] == meta_id]


def test_a_lead_is_one_however_often_meta_names_it(
    relay: Relay, meta: Meta, database: Path
) -> None:
    meta.leads["1"] = {"full_name": "Ada", "email": "ada@example.com", "city": "London"}
    answers = [relay.deliver("1").status, relay.deliver("1", "1").status]
    meta.leads["1"]["city"] = "Paris"
    answers.append(relay.deliver("1").status)

    (lead,) = _leads(database, "1")
    assert answers == [200, 200, 200]
    assert (lead["name"], lead["email"]) == ("Ada", "ada@example.com")
    assert lead["attributes"] == {"id": "1", "city": "London"}


def test_a_field_that_we_refuse_is_kept_among_the_attributes(
    relay: Relay, meta: Meta, database: Path
) -> None:
    meta.leads["2"] = {"full_name": "Test", "email": "<test lead: dummy data for email>"}

    assert [relay.deliver("2").status, relay.deliver("2").status] == [200, 200]

    (lead,) = _leads(database, "2")
    assert lead["email"] is None
    assert lead["attributes"] == {"id": "2", "name": "Test", "email": meta.leads["2"]["email"]}


def test_what_cannot_be_fetched_is_to_come_again_and_what_came_with_it_is_kept(
    relay: Relay, meta: Meta, database: Path
) -> None:
    meta.leads["4"] = {"full_name": "Bob"}

    assert relay.deliver("3", "4").status == 503

    assert relay.printed.readline().startswith("lead 3 is not kept: HTTP Error 500")
    assert len(_leads(database, "4")) == 1
    meta.leads["3"] = {"full_name": "Eve"}
    assert relay.deliver("3", "4").status == 200
    assert [len(_leads(database, one)) for one in "34"] == [1, 1]


def test_what_we_do_not_keep_is_to_come_again(database: Path, meta: Meta, leads_url: str) -> None:
    full = swiftcrm_json(database, "project", "create", "Full", "--monthly-limit", "0")["api_key"]
    meta.leads["5"] = {"full_name": "Ada"}

    for url, key, said in (
        (leads_url, full, "SwiftCRM answers 429 PLAN_LIMIT_REACHED"),
        (leads_url, NOBODYS_KEY, "SwiftCRM answers 401 INVALID_API_KEY"),
        (f"http://127.0.0.1:{meta.server_port}/a-page", full, "answers 200, not 201"),
        ("http://127.0.0.1:1", full, "Connection refused"),
    ):
        with _relaying(database, meta, url, key) as relay:
            assert relay.deliver("5").status == 503
            assert said in relay.printed.readline()


def test_what_meta_did_not_sign_is_refused(relay: Relay) -> None:
    assert relay.deliver("1", secret="another").status == 401


def test_meta_can_verify_the_relay(relay: Relay) -> None:
    right, wrong = (
        request(relay.port, "GET", f"/?hub.verify_token={token}&hub.challenge=1158201444")
        for token in (VERIFY_TOKEN, "another")
    )

    assert (right.status, right.body) == (200, b"1158201444")
    assert wrong.status == 403
