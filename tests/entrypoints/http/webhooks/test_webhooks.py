"""WhatsApp's first mile, over a real socket with real signatures."""

import json

import pytest

from tests.entrypoints.http.webhooks.deliveries import PATH, a_delivery, a_message, deliver
from tests.support.program import Server
from tests.support.stores import Account, Store
from tests.support.wire import request


def test_one_text_message_makes_one_lead(store: Store, server: Server) -> None:
    account = store.account()
    body = a_delivery(a_message("wamid.one", "Is it available?"))
    answer = deliver(server, account, body)

    assert answer.status == 200
    assert answer.json() == {
        "received": 1,
        "new_leads": 1,
        "duplicates": 0,
        "ignored": 0,
        "held": 0,
    }
    [lead] = store.leads(account)
    assert (lead.channel, lead.details.name) == ("whatsapp", "Asha")
    assert lead.details.phone == "+919812345678"
    assert [message.text for message in lead.messages] == ["Is it available?"]


def test_the_line_of_a_delivery_tells_what_became_of_it(server: Server, store: Store) -> None:
    account = store.account()
    message = a_message("wamid.line")
    statuses = {"statuses": [{"id": "wamid.ours", "status": "read"}]}
    body = a_delivery(message, message, {"id": "wamid.odd"}, **statuses)

    deliver(server, account, body)

    line = server.line_with(project_id=account.project_id, received=3)
    told = ("received", "new_leads", "duplicates", "held", "ignored")
    assert {name: line[name] for name in told} == {
        "received": 3, "new_leads": 1, "duplicates": 1, "held": 1, "ignored": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    "signature",
    ["", "sha256=", "sha256=00", "sha1=" + "0" * 40, "sha256=" + "0" * 64, b"sha256=\xff", "é"],
)
def test_a_delivery_without_a_right_signature_is_401_and_not_read(
    store: Store, server: Server, signed: Account, signature: str | bytes
) -> None:
    before = len(store.leads(signed))
    answer = deliver(
        server, signed, a_delivery(a_message("wamid.9", sender="4915112345")), signature
    )

    assert (answer.status, answer.code) == (401, "INVALID_SIGNATURE")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert len(store.leads(signed)) == before


def test_the_signature_is_over_the_bytes_as_they_came(server: Server, signed: Account) -> None:
    body = b'{"t":"caf\\u00e9 \\ud83d\\ude00 a\\u0040b https:\\/\\/x"}'
    known = "sha256=8ecdec1bdf0db49b07e276486e049f6c03cd6b8724acf5e55b30c87b0e4dde22"

    assert deliver(server, signed, body, known).status == 200
    assert deliver(server, signed, json.dumps(json.loads(body)).encode(), known).status == 401


def test_a_body_of_3_mb_is_taken_and_one_above_4_mib_is_413(server: Server, store: Store) -> None:
    account = store.account()
    body = a_delivery(a_message("wamid.10", "x" * 3_000_000))

    assert deliver(server, account, body).status == 200
    assert deliver(server, account, b" " * (4 * 1024 * 1024 + 1)).code == "BODY_TOO_LARGE"


@pytest.mark.parametrize("body", [b"", b"{bad", b"[]", b'"x"'])
def test_a_delivery_that_is_no_json_object_is_400(
    server: Server, account: Account, body: bytes
) -> None:
    answer = deliver(server, account, body)

    assert (answer.status, answer.code) == (400, "INVALID_JSON")


def test_the_channels_own_key_opens_its_webhook(store: Store, server: Server) -> None:
    account = store.account()
    view = store.use(lambda c: c.show_channel()(account.project_id, "whatsapp"))
    path = view.webhook_url[view.webhook_url.index("/api/") :]

    assert request(server.port, "POST", path, {}, b"{}").status == 200


def test_a_method_that_a_webhook_has_not_is_405(server: Server) -> None:
    answer = request(server.port, "PUT", PATH)

    assert (answer.status, answer.code) == (405, "METHOD_NOT_ALLOWED")
    assert sorted(answer.headers["allow"].split(", ")) == ["GET", "POST"]


def test_the_time_to_read_a_delivery_does_not_grow_with_messages_times_contacts(
    store: Store, server: Server
) -> None:
    account = store.account()
    messages = [a_message(f"wamid.many.{number}") for number in range(2_000)]
    # Looked through once for each message, these would keep the client waiting beyond its time-out.
    body = a_delivery(*messages, contacts=[{} for _ in range(200_000)])

    # On a busy machine it may be answered 503, and is brought again.
    answers = (deliver(server, account, body) for _ in range(5))
    assert 2_000 in (answer.json().get("received") for answer in answers)


def test_the_log_says_whose_delivery_it_was_and_by_which_channel_also_of_a_refused_one(
    server: Server, signed: Account
) -> None:
    refused = deliver(server, signed, b"{}", "sha256=00")
    taken = deliver(server, signed, b"{}")

    for answer in (refused, taken):
        line = server.line_with(request_id=answer.headers["x-request-id"])
        assert line["project_id"] == signed.project_id
        assert line["channel"] == "whatsapp"
