"""What cannot become a lead now is held before the 200; mended, it becomes one by itself."""

from collections.abc import Iterator, Sequence

import pytest

from domain.held import PLAN_LIMIT_REACHED, UNREADABLE
from tests.entrypoints.http.webhooks.deliveries import (
    a_delivery,
    a_message,
    deliver,
)
from tests.support.program import Server, serving, swiftcrm_json
from tests.support.stores import Account, Store

FIVE_PEOPLE = a_delivery(
    *(
        a_message(f"wamid.m{number}", f"text {number}", sender=f"1202555010{person}")
        for number, person in enumerate([1, 2, 3, 1, 4, 2, 5])
    ),
    contacts=[],
)
ONCE_EACH = [
    ["wamid.m0", "wamid.m3"],
    ["wamid.m1", "wamid.m5"],
    ["wamid.m2"],
    ["wamid.m4"],
    ["wamid.m6"],
]


def messages_of(store: Store, account: Account) -> list[list[str]]:
    return [
        sorted(message.message_id for message in lead.messages) for lead in store.leads(account)
    ]


def usage_of(store: Store, account: Account) -> tuple[int, int]:
    """The places taken this month, and the calls that wait."""
    view = store.use(lambda c: c.show_project()(account.project_id))
    return view.places_taken, view.held


@pytest.fixture
def kill_and_restart(fresh: Store) -> Iterator[Sequence[Server]]:
    """Two servers on one fresh store, of which a test may kill the first."""
    fresh.account("first")
    with serving(fresh) as one, serving(fresh) as other:
        yield one, other


def test_what_has_no_place_is_held_and_becomes_leads_by_itself_when_the_limit_is_raised(
    store: Store, server: Server
) -> None:
    account = store.account(monthly_limit=1)

    answer = deliver(server, account, FIVE_PEOPLE)

    assert answer.status == 200
    assert (answer.json()["new_leads"], answer.json()["held"]) == (1, 5)
    assert messages_of(store, account) == ONCE_EACH[:1]
    assert {call.code for call in store.held(account)} == {PLAN_LIMIT_REACHED}
    assert usage_of(store, account) == (1, 5)

    store.update(account, monthly_limit=5)
    server.wait_until(lambda: not store.held(account))

    assert sorted(messages_of(store, account)) == ONCE_EACH
    assert usage_of(store, account) == (5, 0)


def test_released_by_two_processes_of_which_one_is_killed_and_delivered_again_it_is_once_each(
    fresh: Store, kill_and_restart: Sequence[Server]
) -> None:
    one, other = kill_and_restart
    account = fresh.account(monthly_limit=1)
    assert deliver(one, account, FIVE_PEOPLE).status == 200

    fresh.update(account, monthly_limit=5)
    one.wait_until(lambda: len(fresh.leads(account)) > 1)
    one.kill()
    again = deliver(other, account, FIVE_PEOPLE)
    other.wait_until(lambda: not fresh.held(account))

    assert again.status == 200
    assert sorted(messages_of(fresh, account)) == ONCE_EACH
    assert usage_of(fresh, account) == (5, 0)


def test_an_odd_message_becomes_a_lead_with_all_that_could_be_read_once_it_is_released(
    store: Store, server: Server
) -> None:
    account = store.account()
    odd = a_message("x", "Is there parking?", "6591110022") | {"id": 7}
    contacts = [{"profile": {"name": "Wei Ling"}, "wa_id": 6591110022}]
    assert deliver(server, account, a_delivery(odd, contacts=contacts)).json()["held"] == 1

    swiftcrm_json(store, "held", "release", account.project_id, "--code", UNREADABLE)
    again = deliver(server, account, a_delivery(a_message("wamid.again", "Hello?", "6591110022")))

    assert again.json()["new_leads"] == 0
    [lead] = store.leads(account)
    assert (lead.details.name, lead.details.phone) == ("Wei Ling", "+6591110022")
    assert {message.text for message in lead.messages} == {"Is there parking?", "Hello?"}


def test_the_content_of_a_placeholder_that_waits_for_a_place_is_not_lost(
    store: Store, server: Server
) -> None:
    account = store.account(monthly_limit=1)
    deliver(server, account, a_delivery(a_message("wamid.first", sender="6591110023")))
    placeholder = {"from": "6591110024", "id": "wamid.later", "type": "unsupported"}
    content = a_message("wamid.later", "I saw your ad", "6591110024")

    for message in (placeholder, content, content):
        assert deliver(server, account, a_delivery(message)).status == 200
    store.update(account, monthly_limit=2)
    server.wait_until(lambda: not store.held(account))

    lead = store.leads(account)[1]
    assert lead.details.attributes["first_message"] == "I saw your ad"
    assert len(lead.messages) == 1
