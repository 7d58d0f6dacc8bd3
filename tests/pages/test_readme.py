"""What the README shows of PHP and of a page, pasted and run."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.pages.sites import a_site
from tests.support.program import Server, serving
from tests.support.stores import Account, Store

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "leads.db")


@pytest.fixture
def account(store: Store) -> Account:
    return store.account()


@pytest.fixture
def server(store: Store) -> Iterator[Server]:
    with serving(store) as server:
        yield server


def _block(language: str, server: Server, account: Account) -> str:
    """The one block of this language, with the service's address and a key in it."""
    [text] = re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert text.count("https://leads.example.com") == text.count("swk_…") == 1
    return str(text).replace("https://leads.example.com", server.url).replace("swk_…", account.key)


def test_the_php_of_the_readme_makes_a_lead_of_a_form(
    tmp_path: Path, store: Store, server: Server, account: Account
) -> None:
    pasted = tmp_path / "contact.php"
    pasted.write_text(_block("php", server, account), "utf-8")
    posted = {"name": "Zoë", "email": "zoe@example.com"}
    form = f"$_POST = json_decode('{json.dumps(posted)}', true); include '{pasted}';"

    done = subprocess.run(["php", "-r", form], capture_output=True, text=True, check=True)

    assert (done.stdout, done.stderr) == ("Thank you!", "")
    [lead] = store.leads(account)
    assert (lead.details.name, lead.details.email) == ("Zoë", "zoe@example.com")
    assert lead.details.attributes == {"message": None}


def test_the_php_of_the_readme_logs_why_a_lead_was_not_kept(
    tmp_path: Path, store: Store, server: Server, account: Account
) -> None:
    store.revoke(account)
    pasted = tmp_path / "contact.php"
    pasted.write_text(_block("php", server, account), "utf-8")

    done = subprocess.run(["php", pasted], capture_output=True, text=True, check=True)

    assert 'The lead was not kept: {"code":"INVALID_API_KEY"' in done.stderr
    assert done.stdout.endswith("That did not work. Please try again.")


def test_the_page_of_the_readme_makes_a_lead(
    store: Store, server: Server, account: Account, page: Page
) -> None:
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.accept()))
    with a_site({"/": _block("html", server, account)}) as site:
        page.goto(site)
        page.get_by_label("Name").fill("Zoë")
        page.get_by_label("E-mail").fill("zoe@example.com")
        with page.expect_event("dialog"):
            page.get_by_role("button", name="Send").click()

    assert said == ["Thank you!"]
    [lead] = store.leads(account)
    assert (lead.details.name, lead.details.email) == ("Zoë", "zoe@example.com")
