import json
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from adapters.whatsapp import WhatsAppChannel
from domain.delivery import Delivery, Inbound, Unreadable
from entrypoints.channel_contract.item_checks import assert_can_be_kept
from tests.corpus.cases import CASES, NUMBER_ID, Case, Person
from tests.corpus.forms import FORMS, as_meta
from tests.corpus.people import groups_of, identities_of, person_of

EACH_CASE = pytest.mark.parametrize("case", CASES, ids=str)
TYPES_OF_META = (
    *("text", "image", "video", "document", "audio", "voice", "sticker", "location", "contacts"),
    *("interactive", "button", "reaction", "order", "system", "request_welcome", "edit"),
    *("revoke", "unsupported", "unknown", "ephemeral"),
)


def _items(case: Case, form: str) -> tuple[list[Inbound | Unreadable], int]:
    readings = [
        WhatsAppChannel().read(Delivery(FORMS[form](payload), {})) for payload in case.deliveries
    ]
    items = [item for reading in readings for item in reading.items]
    return items, sum(reading.ignored for reading in readings)


def _sorted(people: list[Person]) -> list[Any]:
    """The people in an order of their own, and their messages, too."""
    rows = [
        (sorted((i.kind, i.value) for i in p.identities), p.lead, p.counts, list(p.messages))
        for p in people
    ]
    for *_, messages in rows:
        messages.sort(key=lambda said: said.message_id)
    return sorted(rows, key=lambda row: row[0])


@EACH_CASE
def test_a_delivery_gives_the_leads_and_messages_that_its_case_says(case: Case) -> None:
    items, ignored = _items(case, "meta")
    groups = groups_of(item for item in items if isinstance(item, Inbound))
    people = [person for group in groups if (person := person_of(group))]
    strangers = [identities_of(group) for group in groups if person_of(group) is None]
    held = [(json.loads(i.raw), i.recipient) for i in items if isinstance(i, Unreadable)]

    assert _sorted(people) == _sorted(case.people)
    assert Counter(strangers) == Counter(case.strangers)
    assert held == [(one.raw, one.recipient) for one in case.held]
    assert ignored == case.ignored
    assert_can_be_kept(items)


@EACH_CASE
def test_the_order_of_deliveries_changes_no_person_and_no_message(case: Case) -> None:
    turned = replace(case, deliveries=case.deliveries[::-1])
    found = []
    for items, _ in (_items(case, "meta"), _items(turned, "meta")):
        groups = groups_of(item for item in items if isinstance(item, Inbound))
        people = [person for group in groups if (person := person_of(group))]
        found.append([(who, messages) for who, _, _, messages in _sorted(people)])

    assert found[0] == found[1]


@EACH_CASE
def test_both_forms_of_a_delivery_say_the_same(case: Case) -> None:
    assert _items(case, "meta") == _items(case, "plain")


@EACH_CASE
def test_an_item_is_its_number_s_or_the_project_s_whose_key_it_came_with(case: Case) -> None:
    items, _ = _items(case, "meta")

    assert {item.recipient for item in items} <= {NUMBER_ID, None}
    assert all(item.counts or item.recipient is None for item in items if isinstance(item, Inbound))


def test_the_corpus_is_large_and_has_every_type_of_message() -> None:
    deliveries = [delivery for case in CASES for delivery in case.deliveries]
    types = {f'"type": "{kind}"' for kind in TYPES_OF_META}

    assert len(deliveries) >= 60
    assert [t for t in types if t not in json.dumps(deliveries)] == []


def test_no_two_cases_share_a_person_a_message_or_what_is_held() -> None:
    found = Counter[Any]()
    for case in CASES:
        people = [person.identities for person in case.people] + case.strangers
        messages = {said.message_id for person in case.people for said in person.messages}
        found.update({*(identity for theirs in people for identity in theirs), *messages})
        found.update(json.dumps(one.raw) for one in case.held)

    assert [what for what, times in found.items() if times > 1] == []


def test_meta_escapes_more_than_any_json_writer() -> None:
    payload = {"t": "é 😀 a@b 100% <b> https://x"}

    assert as_meta(payload) == (
        rb'{"t":"\u00e9 \ud83d\ude00 a\u0040b 100\u0025 \u003Cb> https:\/\/x"}'
    )
    assert json.loads(as_meta(payload)) == payload
