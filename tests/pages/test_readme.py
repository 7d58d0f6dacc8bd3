"""What the README shows of PHP and of a page, pasted and run."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.examples.front import Answer, in_front_of
from tests.pages.sites import a_site
from tests.support.program import Server, serving
from tests.support.stores import Account, Store

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
LONG_ADDRESS = f"https://www.example.com/?gclid={'x' * 3_000}"
SORRY = "That did not work. Please try again."


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("service") / "leads.db")


@pytest.fixture
def account(store: Store) -> Account:
    return store.account()


@pytest.fixture(scope="module")
def server(store: Store) -> Iterator[Server]:
    with serving(store) as server:
        yield server


def _block(language: str, url: str, account: Account) -> str:
    """The one block of this language, with the service's address and a key in it."""
    [text] = re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert text.count("https://leads.example.com") == text.count("swk_…") == 1
    return str(text).replace("https://leads.example.com", url).replace("swk_…", account.key)


def _php(tmp_path: Path, text: str, email: str) -> "subprocess.CompletedProcess[str]":
    """What the block does with a form that came from a page whose address is very long."""
    pasted = tmp_path / "contact.php"
    pasted.write_text(text, "utf-8")
    posted = json.dumps({"name": "Zoë", "email": email})
    form = (
        f"$_POST = json_decode('{posted}', true);"
        f"$_SERVER['HTTP_REFERER'] = '{LONG_ADDRESS}'; include '{pasted}';"
    )
    return subprocess.run(["php", "-r", form], capture_output=True, text=True, check=True)


def test_the_php_of_the_readme_makes_a_lead_of_a_form(
    tmp_path: Path, store: Store, server: Server, account: Account
) -> None:
    done = _php(tmp_path, _block("php", server.url, account), "zoe@example.com")

    assert (done.stdout, done.stderr) == ("Thank you!", "")
    [lead] = store.leads(account)
    assert (lead.details.name, lead.details.email) == ("Zoë", "zoe@example.com")
    assert lead.details.attributes == {"message": None}
    assert lead.details.source_url == LONG_ADDRESS[:2048]


def test_the_php_of_the_readme_makes_a_lead_where_no_page_is_named(
    tmp_path: Path, store: Store, server: Server, account: Account
) -> None:
    pasted = tmp_path / "contact.php"
    pasted.write_text(_block("php", server.url, account), "utf-8")

    done = subprocess.run(["php", pasted], capture_output=True, text=True, check=True)

    assert (done.stdout.strip(), done.stderr) == ("Thank you!", "")
    assert len(store.leads(account)) == 1


def test_the_php_of_the_readme_asks_a_visitor_to_check_what_is_not_valid(
    tmp_path: Path, server: Server, account: Account
) -> None:
    done = _php(tmp_path, _block("php", server.url, account), "zoe")

    assert 'The lead was not kept: {"code":"VALIDATION_FAILED"' in done.stderr
    assert done.stdout == "Please check what you typed."


def test_the_php_of_the_readme_logs_the_beginning_of_what_was_answered(
    tmp_path: Path, server: Server, account: Account
) -> None:
    page = Answer(502, b"<h1>Bad gateway</h1>" + b" " * 10_000)
    with in_front_of(server.port, page) as front:
        done = _php(tmp_path, _block("php", front.url, account), "zoe@example.com")

    assert "The lead was not kept: <h1>Bad gateway</h1>" in done.stderr
    assert len(done.stderr) < 1_000
    assert done.stdout == "That did not work. Please try again."


def test_the_page_of_the_readme_makes_a_lead(
    store: Store, server: Server, account: Account, page: Page
) -> None:
    assert _sent(page, _block("html", server.url, account)) == "Thank you!"

    [lead] = store.leads(account)
    assert (lead.details.name, lead.details.email) == ("Zoë", "zoe@example.com")
    assert lead.details.source_url == page.url[:2048]


def test_the_page_of_the_readme_tells_the_visitor_that_a_lead_was_refused(
    store: Store, server: Server, account: Account, page: Page
) -> None:
    store.revoke(account)

    assert _sent(page, _block("html", server.url, account)) == SORRY


def test_the_page_of_the_readme_tells_the_visitor_that_the_service_is_down(
    server: Server, account: Account, page: Page
) -> None:
    with in_front_of(server.port) as gone:
        pass

    assert _sent(page, _block("html", gone.url, account)) == SORRY


def _sent(page: Page, text: str) -> str:
    """What a visitor is told who sends the form, on a page whose address is very long."""
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.accept()))
    with a_site({"/": text}) as site:
        page.goto(f"{site}/?gclid={'x' * 3_000}")
        page.get_by_label("Name").fill("Zoë")
        page.get_by_label("E-mail").fill("zoe@example.com")
        with page.expect_event("dialog"):
            page.get_by_role("button", name="Send").click()
    [told] = said
    return told
