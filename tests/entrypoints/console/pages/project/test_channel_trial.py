"""`Send a test delivery`: through real servers and odd ones, each failing hop with its name."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from tests.entrypoints.console.browser import Browser, Page
from tests.support.program import Server, serving
from tests.support.servers.odd_servers import closed_port, http_answer, odd_server
from tests.support.stores import Account, Store

SECRET = "0123456789abcdef0123456789abcdef"
HOPS = ("Address", "Name", "Connection", "Answer", "This service", "Key", "Signature", "Lead")

Address = Callable[[], AbstractContextManager[str]]


@contextmanager
def nobody() -> Iterator[str]:
    with closed_port() as port:
        yield f"http://127.0.0.1:{port}"


@contextmanager
def another_service() -> Iterator[str]:
    with odd_server(http_answer(200, b"hello", Server="<b>odd</b>")) as server:
        yield f"http://127.0.0.1:{server.port}"


def tried(store: Store, admin: Browser, account: Account, public_url: str) -> Page:
    """What a process with this public address says after the button was pressed."""
    path = f"/projects/{account.project_id}/settings/whatsapp"
    with serving(store, public_url=public_url) as server:
        browser = Browser(server.port, dict(admin.cookies))
        page = browser.get(path)
        assert "Send a test delivery" in page.words
        return browser.post(f"{path}/test")


@pytest.fixture
def account(store: Store, server: Server) -> Account:
    account = store.account()
    store.connect(account, app_secret=[SECRET], phone_number_ids=["106"])
    return account


def test_a_delivery_that_arrives_is_good_at_every_hop_and_a_lead(
    server: Server, store: Store, admin: Browser, account: Account
) -> None:
    page = tried(store, admin, account, server.url)

    assert page.status == 200
    assert "The test delivery arrived" in page.words
    assert "Address Good, but" in page.words
    assert all(f"{hop} Good" in page.words for hop in HOPS)
    assert "The account is subscribed to the app" in page.words
    assert len(store.leads(account)) == 1
    assert "swk_" not in page.text
    assert SECRET not in page.text


@pytest.mark.parametrize(
    ("address", "hop", "advice"),
    [
        (nobody, "Connection", "Nothing listens on this port"),
        (another_service, "This service", "Another service answers at this address"),
    ],
)
def test_the_hop_that_fails_is_named_with_what_to_mend(
    store: Store, admin: Browser, account: Account, address: Address, hop: str, advice: str
) -> None:
    with address() as public_url:
        page = tried(store, admin, account, public_url)

    assert "The test delivery stopped on its way" in page.words
    assert f"{hop} Failed" in page.words
    assert advice in page.words
    assert page.words.count("Failed") == 1
    after = HOPS[HOPS.index(hop) + 1 :]
    assert all(f"{one} Not reached" in page.words for one in after)
    assert "<b>" not in page.text
    assert store.leads(account) == []
