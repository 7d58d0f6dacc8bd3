"""The search of each log finds what was sent, however that was and however the log writes it."""

import json

import orjson
import pytest

from domain.api_key import new_key
from tests.support.servers import log_search
from tests.support.servers.log_search import (
    assert_says_nothing_of_a_person,
    remember,
    remember_request,
)

HEAD = "POST /api/public/lead HTTP/1.1\r\nContent-Length: 9\r\n"
OTHER_HEAD = "POST /api/whatsapp/webhook HTTP/1.1\r\n"
SENT = {
    "a text": (f'{HEAD}\r\n{{"name": "Ada Lovelace"}}', "Ada Lovelace"),
    "a word": (f'{HEAD}\r\n{{"name": "adalovelace"}}', "adalovelace"),
    "a short word": (f'{HEAD}\r\n{{"name": "Ada"}}', "Ada"),
    "a number": (f'{HEAD}\r\n{{"phone": 4915112345678}}', "4915112345678"),
    "the name of a member": (f'{HEAD}\r\n{{"Ada Lovelace": 1}}', "Ada Lovelace"),
    "what is behind an origin": (f'{HEAD}\r\n{{"x": "https://a.org/?n=Ada"}}', "/?n=Ada"),
    "a body that was cut off": (f'{HEAD}\r\n{{"name": "Ada Lovelace"', "Ada Lovelace"),
    "a body that is no JSON": (f"{HEAD}\r\nname=Ada+Lovelace", "name=Ada+Lovelace"),
    "a part of a request": ('{"name": "Ada Lovelace"}', "Ada Lovelace"),
    "a second request": (f'{HEAD}\r\n{{}}{HEAD}\r\n{{"name": "Ada Lovelace"}}', "Ada Lovelace"),
    "a header": (f"{HEAD}Idempotency-Key: ada-7\r\n\r\n{{}}", "ada-7"),
    "a message": (f'{OTHER_HEAD}\r\n{{"text": {{"body": "I am Ada"}}}}', "I am Ada"),
}
NOT_SENT = {
    "a part of another word": (f'{HEAD}\r\n{{"name": "Ada"}}', "Adapter"),
    "a name that is a provider's": (
        f'{OTHER_HEAD}\r\n{{"messaging_product": 1}}',
        "messaging_product",
    ),
    "an origin": (f'{HEAD}\r\n{{"x": "https://example.com/"}}', "https://example.com"),
    "a number that is none of a phone": (f'{HEAD}\r\n{{"x": 8080}}', "8080"),
}


@pytest.fixture(autouse=True)
def nothing_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_search, "_sent", set())


@pytest.mark.parametrize(("request_", "said"), SENT.values(), ids=SENT)
def test_a_log_that_repeats_what_was_sent_is_found(request_: str, said: str) -> None:
    log = orjson.dumps({"event": f"it was {said} again"})
    assert_says_nothing_of_a_person(log)
    remember_request(request_.encode())

    with pytest.raises(AssertionError, match="the log repeats"):
        assert_says_nothing_of_a_person(log)


@pytest.mark.parametrize(("request_", "said"), NOT_SENT.values(), ids=NOT_SENT)
def test_what_a_log_may_say_is_not_found(request_: str, said: str) -> None:
    remember_request(request_.encode())

    assert_says_nothing_of_a_person(orjson.dumps({"event": f"it was {said} again"}))


TEXT = 'Zoë "Ada"\n\\'


@pytest.mark.parametrize(
    "log",
    [
        orjson.dumps({"event": TEXT}),
        json.dumps({"event": TEXT}).encode(),
        orjson.dumps({"event": json.dumps({"x": TEXT})}),
        orjson.dumps({"event": orjson.dumps({"x": TEXT}).decode()}),
    ],
    ids=["as it is", "in ASCII", "as ASCII within a text", "as JSON within a text"],
)
def test_a_text_is_found_however_the_log_writes_it(log: bytes) -> None:
    remember(TEXT)

    with pytest.raises(AssertionError, match="the log repeats"):
        assert_says_nothing_of_a_person(log)


@pytest.mark.parametrize("said", [new_key(), "ada@example.com"], ids=["key", "e-mail"])
def test_a_key_or_an_e_mail_address_is_found_wherever_it_is_from(said: str) -> None:
    with pytest.raises(AssertionError, match="the log repeats"):
        assert_says_nothing_of_a_person(f'{{"event": "{said}"}}'.encode())
