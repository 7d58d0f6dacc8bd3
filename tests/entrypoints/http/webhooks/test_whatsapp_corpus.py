"""Every delivery of the corpus over a real socket, signed, makes the leads that its case says."""

import json
from collections import Counter
from typing import Any

import pytest

from domain.held import UNREADABLE
from domain.lead import RULES, Lead, Text
from tests.corpus.cases import CASES, Person
from tests.corpus.forms import as_meta
from tests.entrypoints.http.webhooks.deliveries import SECRET, deliver
from tests.support.program import Server
from tests.support.stores import Account, Store

Row = tuple[dict[str, Any], list[tuple[Any, ...]]]


def expected(person: Person) -> Row:
    lead = dict(person.lead)
    for name, rule in RULES.items():
        if isinstance(rule, Text) and name in lead:
            lead[name] = lead[name].strip()[: rule.limit].rstrip()
    said = [(one.message_id, one.type, one.text, one.sent_at) for one in person.messages]
    return {name: value for name, value in lead.items() if value}, sorted(said, key=repr)


def found(lead: Lead) -> Row:
    said = [(one.message_id, one.type, one.text, one.sent_at) for one in lead.messages]
    return lead.details.present(), sorted(said, key=repr)


def by_messages(rows: list[Row]) -> dict[tuple[str, ...], Row]:
    """The people, each named by its messages."""
    named = {tuple(message[0] for message in row[1]): row for row in rows}
    assert len(named) == len(rows)
    return named


@pytest.fixture
def taken(store: Store, server: Server) -> Account:
    """A project that all deliveries of the corpus came to, each once and in its order."""
    account = store.account()
    store.connect(account, app_secret=[SECRET])
    for case in CASES:
        ignored = 0
        for payload in case.deliveries:
            answer = deliver(server, account, as_meta(payload))
            assert answer.status == 200, (case.name, answer.body)
            ignored += answer.json()["ignored"]
        assert ignored == case.ignored + len(case.strangers), case.name
    return account


def test_the_corpus_makes_the_leads_messages_and_held_items_that_it_says(
    store: Store, taken: Account
) -> None:
    leads = store.leads(taken)
    people = [person for case in CASES for person in case.people]

    assert by_messages([found(lead) for lead in leads]) == by_messages(
        [expected(person) for person in people]
    )
    held = Counter((call.code, call.origin) for call in store.held(taken))
    assert held == Counter((UNREADABLE, one.recipient) for case in CASES for one in case.held)
    raw = [json.loads(call.body) for call in store.held(taken)]
    assert raw == [one.raw for case in CASES for one in case.held]
