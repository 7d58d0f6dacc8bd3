"""The lead form webhook of Google Ads, over a real socket on every store."""

import json
from typing import Any

from tests.adapters.google_ads.deliveries import KEY, a_form, sent, the_test_data
from tests.support.program import Server
from tests.support.stores import Account, Store
from tests.support.wire import Answer, request

PATH = "/api/google_ads/webhook"


def _connected(store: Store, **limits: Any) -> Account:
    account = store.account(**limits)
    values = {"google_key": [KEY]}
    store.use(lambda c: c.channel_settings().change(account.project_id, "google_ads", values))
    return account


def _deliver(server: Server, account: Account, body: bytes) -> Answer:
    return request(server.port, "POST", f"{PATH}?api_key={account.key}", {}, body)


def test_a_submitted_form_makes_one_lead_however_often_it_comes(
    store: Store, server: Server
) -> None:
    account = _connected(store)
    form = a_form({"FULL_NAME": "Ada Lovelace", "EMAIL": "ada@example.com", "CITY": "London"})
    answers = [_deliver(server, account, sent(form)) for _ in range(3)]

    assert [answer.status for answer in answers] == [200, 200, 200]
    assert [answer.json()["new_leads"] for answer in answers] == [1, 0, 0]
    [lead] = store.leads(account)
    assert (lead.channel, lead.details.name) == ("google_ads", "Ada Lovelace")
    assert lead.details.attributes["CITY"] == "London"
    [message] = lead.messages
    assert json.loads(message.raw) == form


def test_test_data_is_acknowledged_and_marked_and_takes_no_place(
    store: Store, server: Server
) -> None:
    account = _connected(store, monthly_limit=1)

    assert _deliver(server, account, sent(the_test_data())).status == 200
    assert _deliver(server, account, sent(the_test_data())).status == 200
    assert _deliver(server, account, sent(a_form())).status == 200
    test, real = store.leads(account)
    assert test.details.attributes["test"] is True
    assert "test" not in real.details.attributes


def test_what_is_shown_to_the_operator_is_what_opens(store: Store, server: Server) -> None:
    account = store.account()
    view = store.use(lambda c: c.show_channel()(account.project_id, "google_ads"))
    [(setting, [key])] = view.settings.items()
    path = view.webhook_url[view.webhook_url.index("/api/") :]
    answer = request(server.port, "POST", path, {}, sent(a_form(), google_key=key))

    assert (setting.name, answer.status) == ("google_key", 200)


def test_a_challenge_is_not_offered(store: Store, server: Server) -> None:
    account = _connected(store)
    answer = request(server.port, "GET", f"{PATH}?api_key={account.key}")

    assert (answer.status, answer.code) == (405, "METHOD_NOT_ALLOWED")
    assert answer.headers["allow"] == "POST"
