"""When something last came through a channel, of each store, from a real server."""

from collections.abc import Mapping
from datetime import datetime

from domain.channel import ChannelEvent
from tests.entrypoints.http.webhooks.deliveries import (
    SECRET,
    TOKEN,
    a_delivery,
    a_message,
    challenge,
    deliver,
)
from tests.support.program import Server, serving
from tests.support.stores import Account, Store

RIGHT = f"&hub.mode=subscribe&hub.challenge=1&hub.verify_token={TOKEN}"


def last(store: Store, account: Account) -> Mapping[ChannelEvent, datetime]:
    return store.use(lambda c: c.channel_log().last(account.project_id, "whatsapp"))


def test_what_came_is_written_down_at_the_end_at_the_latest(fresh: Store) -> None:
    account, other = fresh.account(), fresh.account()
    values = {"app_secret": [SECRET], "verify_token": [TOKEN]}
    fresh.use(lambda c: c.channel_settings().change(account.project_id, "whatsapp", values))
    body = a_delivery(a_message("wamid.1"))
    with serving(fresh) as server:
        statuses = [
            challenge(server, account, RIGHT).status,
            deliver(server, account, body).status,
            deliver(server, account, body, "sha256=wrong").status,
            challenge(server, other, RIGHT).status,
        ]
        assert server.stop() == 0

    assert statuses == [200, 200, 401, 403]
    assert set(last(fresh, account)) == set(ChannelEvent)
    assert last(fresh, other) == {}


def test_what_came_is_written_down_while_the_server_runs(store: Store, server: Server) -> None:
    account = store.account()
    assert deliver(server, account, a_delivery(a_message("wamid.1"))).status == 200
    arrived = {ChannelEvent.DELIVERY, ChannelEvent.ITEM}
    server.wait_until(lambda: set(last(store, account)) == arrived)
