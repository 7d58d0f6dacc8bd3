"""What of a call a channel is given."""

import json

from tests.entrypoints.http.webhooks.echo import EchoChannel
from tests.support.program import Server
from tests.support.stores import Store
from tests.support.wire import request

PATH = f"/api/{EchoChannel.name}/webhook"


def test_a_channel_is_given_the_call_as_it_came_without_the_key_in_its_url(
    store: Store, server: Server
) -> None:
    account = store.account()
    path = f"{PATH}?api_key={account.key}&from=a%20b&from=c&to="
    answer = request(server.port, "POST", path, {"X-Stamp": "Ab"}, b"raw")

    [lead] = store.leads(account)
    [message] = lead.messages
    given = json.loads(message.raw)
    assert answer.status == 200
    assert given["query"] == {"from": ["a b", "c"], "to": [""]}
    assert given["headers"]["x-stamp"] == ["Ab"]
    assert account.key not in message.raw
