"""Whatever a signed delivery holds: never a 500, never a lost neighbour, never an operator."""

from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entrypoints.channel_contract.json_values import JSON_VALUES, paths_of, with_value_at
from tests.corpus.cases import CASES
from tests.corpus.forms import as_meta
from tests.entrypoints.http.webhooks.deliveries import SECRET, a_message, deliver
from tests.support.program import Server
from tests.support.stores import Store

DELIVERIES = [payload for case in CASES for payload in case.deliveries if case.people]
OPERATORS: list[Any] = [{"$gt": ""}, {"$ne": None}, {"$exists": True}, {"$where": "1"}, ["$in"]]
VICTIM = "15550001111"


def a_change(message_id: str, sender: str) -> dict[str, Any]:
    return {
        "field": "messages",
        "value": {"messages": [a_message(message_id, sender=sender)], "contacts": []},
    }


def test_any_value_in_any_place_of_a_delivery_spoils_nothing(store: Store, server: Server) -> None:
    account = store.account()
    store.connect(account, app_secret=[SECRET])
    victim = {
        "object": "whatsapp_business_account",
        "entry": [{"changes": [a_change("wamid.victim", VICTIM)]}],
    }
    assert deliver(server, account, as_meta(victim)).status == 200
    numbers, sent = count(), []

    @settings(
        max_examples=150, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(value=st.sampled_from(OPERATORS) | JSON_VALUES, data=st.data())
    def send(value: Any, data: st.DataObject) -> None:
        odd = data.draw(st.sampled_from(DELIVERIES))["entry"]
        path = data.draw(st.sampled_from([path for path in paths_of(odd) if path]))
        number = next(numbers)
        neighbour = {"changes": [a_change(f"wamid.n{number}", f"4915{number:08}")]}
        entries = [*with_value_at(odd, path, value), neighbour]

        answer = deliver(
            server, account, as_meta({"object": "whatsapp_business_account", "entry": entries})
        )

        assert answer.status == 200, (answer.body, path, value)
        sent.append(f"wamid.n{number}")

    send()
    kept = {
        lead.details.phone: [m.message_id for m in lead.messages] for lead in store.leads(account)
    }
    messages = {message_id for ids in kept.values() for message_id in ids}

    assert set(sent) <= messages
    assert kept[f"+{VICTIM}"] == ["wamid.victim"]
