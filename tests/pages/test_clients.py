"""Programs on servers, which send a lead in their own way, unasked; each run by the real thing."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.support.program import Server, serving
from tests.support.servers.log_search import remember_body
from tests.support.stores import Store

CLIENTS = Path(__file__).parent / "clients"
LEAD = '{"name": "Zoë Müller", "phone": 442079460958}'

CURL = ("curl", "--silent", "--show-error", "{url}", "-H", "X-Api-Key: {key}")
CALLS = {
    "curl -d, which says that it is a form": (*CURL, "-d", "{lead}"),
    "curl -d, with Expect": (*CURL, "-d", "{lead}", "-H", "Expect: 100-continue"),
    "curl in chunks": (*CURL, "-d", "{lead}", "-H", "Transfer-Encoding: chunked"),
    "curl with HTTP/1.0": (*CURL, "-d", "{lead}", "--http1.0"),
    "curl without a Content-Type": (*CURL, "-d", "{lead}", "-H", "Content-Type:"),
    "curl -F would be a form; --json is JSON": (*CURL, "--json", "{lead}"),
    "curl with the key in the address": (
        *("curl", "--silent", "{url}?api_key={key}", "-H", "X-Api-Key;"),
        *("-u", "staging:secret", "-d", "{lead}"),
    ),
    "PHP, curl": ("php", "with_curl.php", "{url}", "{key}", "{lead}"),
    "PHP, a stream": ("php", "with_a_stream.php", "{url}", "{key}", "{lead}"),
    "PHP, arrays": ("php", "with_arrays.php", "{url}", "{key}"),
    "Node, fetch": ("node", "with_fetch.mjs", "{url}", "{key}", "{lead}"),
    "Node, axios": ("node", "with_axios.mjs", "{url}", "{key}", "{lead}"),
    "Python, urllib": (sys.executable, "with_urllib.py", "{url}", "{key}", "{lead}"),
    "Python, requests": (sys.executable, "with_requests.py", "{url}", "{key}", "{lead}"),
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("service") / "leads.db")


@pytest.fixture(scope="module")
def server(store: Store) -> Iterator[Server]:
    remember_body(LEAD.encode())
    with serving(store) as server:
        yield server


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_lead_is_kept_as_it_is_meant(store: Store, server: Server, call: Sequence[str]) -> None:
    account = store.account()
    url = f"{server.url}/api/public/lead"
    command = [
        part.replace("{url}", url).replace("{key}", account.key).replace("{lead}", LEAD)
        for part in call
    ]

    done = subprocess.run(
        command, cwd=CLIENTS, capture_output=True, text=True, timeout=60, check=True
    )

    assert json.loads(done.stdout)["code"] == "LEAD_CREATED", done.stdout
    [lead] = store.leads(account)
    assert (lead.details.name, lead.details.phone) == ("Zoë Müller", "442079460958")
    assert lead.details.source_url is None
    assert lead.details.page_trail in ((), ("/", "/pricing"))
    assert lead.details.attributes == {}
