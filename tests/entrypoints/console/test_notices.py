"""The line below the bar, on every page: what is worst, and the way to mend it."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from domain.channel import ChannelEvent
from entrypoints.console import words
from tests.entrypoints.console.browser import CONSOLE, Browser, signed_in
from tests.support.program import Server, serving
from tests.support.stores import Account, Store

NO_SECRET = "WhatsApp: No app_secret is set"


@pytest.fixture(scope="module")
def in_public(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Store]]:
    """A server that others can reach, so that nothing is wrong with its address."""
    store = Store(tmp_path_factory.mktemp("public") / "leads.db")
    with serving(store, public_url="http://crm.example.com") as server:
        yield server, store


def _unproven(store: Store, account: Account) -> None:
    """WhatsApp is connected without an app secret, and something has come."""

    async def connect(container) -> None:
        await container.channel_settings().generate_missing(account.project_id, "whatsapp")
        moments = {(account.project_id, "whatsapp", ChannelEvent.DELIVERY): datetime.now(UTC)}
        await container.channel_log().mark(moments)

    store.use(connect)


def test_of_what_is_wrong_the_worst_alone_is_said_with_the_way_to_mend_it(
    in_public: tuple[Server, Store],
) -> None:
    server, store = in_public
    account = store.account()
    path = f"/projects/{account.project_id}"
    admin = signed_in(server, store, "worst@example.com", admin=True)
    member = signed_in(server, store, "worse@example.com", projects=(account.project_id,))
    well = admin.get(f"{path}/leads")
    _unproven(store, account)
    unproven = admin.get(f"{path}/leads")
    store.update(account, monthly_limit=0)
    full, hers = admin.get(f"{path}/examples"), member.get(path)

    assert 'class="notice"' not in well.text
    assert NO_SECRET in unproven.words
    assert f'href="{CONSOLE}{path}/settings/whatsapp#of-set_app_secret"' in unproven.text
    assert NO_SECRET not in full.words
    assert words.MONTH_IS_FULL in full.words
    assert f'href="{CONSOLE}{path}/settings#monthly_limit"' in full.text
    assert f"{words.MONTH_IS_FULL} {words.ADMIN_RAISES_LIMIT}" in hers.words
    assert 'class="notice"' not in admin.get().text


def test_a_channel_through_which_nothing_came_is_no_reason_for_a_notice(
    in_public: tuple[Server, Store],
) -> None:
    server, store = in_public
    account = store.account()
    browser = signed_in(server, store, "opened@example.com", projects=(account.project_id,))
    browser.get(f"/projects/{account.project_id}/settings/whatsapp")

    assert NO_SECRET not in browser.get(f"/projects/{account.project_id}").words


@pytest.mark.parametrize("path", ["", "/account", "/projects/{}", "/projects/{}/settings/keys"])
def test_a_loopback_address_is_said_on_every_page(
    member: Browser, acme: Account, path: str
) -> None:
    assert words.ADDRESS_IS_LOOPBACK in member.get(path.format(acme.project_id)).words


def test_who_is_not_signed_in_reads_nothing_of_it(visitor: Browser) -> None:
    assert words.ADDRESS_IS_LOOPBACK not in visitor.get("/sign-in").words
