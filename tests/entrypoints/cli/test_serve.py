"""`swiftcrm serve --quickstart`: what `make run` shows in the first minute."""

import re
import shlex
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from domain.api_key import digest_of
from entrypoints.cli.serve import Trial, _welcome
from entrypoints.process.settings import Settings
from tests.entrypoints.console.browser import CONSOLE, Browser
from tests.support.servers.quickstart import quickstart
from tests.support.stores import Store
from tests.support.wire import Answer, request

HERE = "http://127.0.0.1:8123"


def paste(line: str) -> Answer:
    """What a shell would send for this curl line."""
    words = shlex.split(line)
    url = urlsplit(words[words.index("POST") + 1])
    headers = [tuple(words[n + 1].split(": ")) for n, word in enumerate(words) if word == "-H"]
    body = words[words.index("-d") + 1].encode()
    assert url.port is not None
    return request(url.port, "POST", url.path, headers, body)  # type: ignore[arg-type]


def key_in(line: str) -> str:
    found = re.search(r"swk_\w+", line)
    assert found is not None
    return found[0]


def test_the_printed_line_captures_leads_after_a_restart_too_until_its_key_is_revoked(
    tmp_path: Path,
) -> None:
    store = Store(tmp_path / "swiftcrm.db")
    kept = tmp_path / "swiftcrm.db.quickstart"
    with quickstart(store.path) as (*welcome, first_line):
        first = paste(first_line)
    with quickstart(store.path) as (*later, second_line):
        second = paste(second_line)
        assert kept.read_text().strip() == key_in(second_line)
        assert kept.stat().st_mode & 0o777 == 0o600
    [key] = store.use(lambda c: c.keys().find_many([digest_of(key_in(second_line))]))
    assert key is not None
    store.use(lambda c: c.keys().revoke(key.key_id, c.clock().now()))
    with quickstart(store.path) as (*_, new_line):
        third = paste(new_line)

    assert any(line.startswith(f"Made a new store: {store.path}.") for line in welcome)
    assert f"Leads are kept in {store.path}\n" in later
    assert [one.json()["lead_id"] for one in (first, second, third)] == [1, 2, 3]
    assert key_in(first_line) == key_in(second_line) != key_in(new_line)


def test_the_printed_link_opens_the_first_steps_by_one_button_and_works_once(
    tmp_path: Path,
) -> None:
    with quickstart(tmp_path / "swiftcrm.db") as printed:
        [link] = [urlsplit(line.strip()) for line in printed if "/console/link?" in line]
        browser = Browser(link.port or 0)
        path = f"{link.path.removeprefix(CONSOLE)}?{link.query}"
        page = browser.get(path)
        entered = browser.post("/link", {"token": link.query.removeprefix("token=")})
        inside, again = browser.get(), browser.get(path)
        first_steps = browser.get((entered.location or "").removeprefix(CONSOLE))

    assert "admin@localhost" in page.words
    assert 'type="password"' not in page.text
    assert entered.status == 303
    assert "Make a lead for quickstart" in first_steps.words
    assert "Users" in inside.words
    assert again.status == 410


@pytest.mark.parametrize(
    ("said", "link", "line"),
    [
        ({}, "/console/link?token=t", f"{HERE}/console/link?token=t\n"),
        ({}, None, f": {HERE}/console\n"),
        ({"public_url": "https://leads.example.com/"}, None, ": https://leads.example.com/console\n"),
    ],
)  # fmt: skip
def test_it_says_where_the_console_is(
    capsys: pytest.CaptureFixture[str], said: dict[str, str], link: str | None, line: str
) -> None:
    _welcome(Settings(**said), Trial("swk_", is_new_store=False, link=link), HERE)

    assert line in capsys.readouterr().out


def test_where_the_console_is_off_it_says_nothing_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    _welcome(Settings(console=False), Trial("swk_", is_new_store=False, link=None), HERE)

    assert "console" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("said", "url", "is_advised"),
    [
        ({}, "http://127.0.0.1:8123", True),
        ({}, "http://127.0.0.1:8000", False),
        ({}, "http://0.0.0.0:8123", False),
        ({"public_url": "https://leads.example.com"}, "http://127.0.0.1:8123", False),
    ],
)
def test_where_webhook_urls_begin_with_another_address_it_says_which_setting_mends_that(
    capsys: pytest.CaptureFixture[str], said: dict[str, str], url: str, is_advised: bool
) -> None:
    _welcome(Settings(**said), Trial("swk_", is_new_store=False, link=None), url)

    assert (f"SWIFTCRM_PUBLIC_URL={url} " in capsys.readouterr().out) == is_advised
