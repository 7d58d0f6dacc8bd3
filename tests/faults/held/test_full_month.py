"""
A full month loses nobody: what finds no place is held, and becomes a lead when there is one.

Two processes on each store, and a third one to be killed. Where it is killed is a matter of
`test_held_kill`.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import Any

import pytest

from domain.held import PLAN_LIMIT_REACHED
from tests.faults.held.dying import REMOVAL, dying
from tests.faults.held.sent import (
    HELD,
    a_lead,
    assert_no_key_is_stored,
    assert_nothing_is_logged,
)
from tests.support.load import post_together
from tests.support.program import Server, serving, swiftcrm
from tests.support.servers.processes import freeze, thaw
from tests.support.stores import SQLITE, Account, Store
from tests.support.wire import Answer

LIMIT = 50
POSTS = [a_lead(number) for number in range(200)]
WAITING = len(POSTS) - LIMIT
NEW = [a_lead(number) for number in range(200, 240)]


@pytest.fixture(scope="module")
def accounts() -> list[Account]:
    """Those of the module's tests, as they come."""
    return []


@pytest.fixture(scope="module", autouse=True)
def nothing_is_told(pair: list[Server], shared: Store, accounts: list[Account]) -> Iterator[None]:
    """After all tests: what was sent is in no log, and no key is in the store."""
    yield
    assert_nothing_is_logged(pair, accounts, POSTS + NEW)
    assert_no_key_is_stored(shared, accounts)


async def a_full_month(
    servers: Sequence[Server], store: Store, accounts: list[Account], **fields: Any
) -> Account:
    """200 posts at once on 50 places: the others are told that they are held."""
    account = await asyncio.to_thread(store.account, monthly_limit=LIMIT, **fields)
    accounts.append(account)
    posts = [post | {"comment": f"my key is {account.key}"} for post in POSTS]
    answers = await post_together([server.port for server in servers], account, posts)
    assert told(answers) == {(201, None): LIMIT, (429, "true"): WAITING}
    return account


def told(answers: Sequence[Answer | None]) -> Counter[tuple[int, str | None]]:
    """How many got which status, and were told that they are held."""
    return Counter((one.status, one.headers.get(HELD)) if one else (0, None) for one in answers)


def names_in(posts: Sequence[Mapping[str, Any]]) -> list[str]:
    return [post["name"] for post in posts]


def names(found: Sequence[Any]) -> list[str]:
    return [one.details.name for one in found]


async def test_200_posts_over_two_processes_with_50_places_are_50_leads_and_150_held(
    pair: list[Server], shared: Store, accounts: list[Account]
) -> None:
    account = await a_full_month(pair, shared, accounts)

    leads, held = shared.leads(account), shared.held(account)
    assert {one.code for one in held} == {PLAN_LIMIT_REACHED}
    assert (len(leads), len(held)) == (LIMIT, WAITING)
    everybody = names(leads) + names([one.capture for one in held])
    assert sorted(everybody) == sorted(names_in(POSTS))


async def test_where_nobody_asked_for_it_they_wait_and_the_command_says_how_many(
    pair: list[Server], shared: Store, accounts: list[Account]
) -> None:
    waits = await a_full_month(pair, shared, accounts)
    goes = await a_full_month(pair, shared, accounts)

    limit = ("--monthly-limit", str(len(POSTS)))
    said = await asyncio.to_thread(swiftcrm, shared, "project", "update", waits.project_id, *limit)
    await asyncio.to_thread(shared.update, goes, monthly_limit=len(POSTS), release_held_calls=True)
    await all_released(pair[0], shared, goes)  # so the limit of the other one is known as well

    assert f"Waiting for a place: {WAITING}." in " ".join(said.stderr.split())
    assert len(shared.held(waits)) == WAITING
    assert len(shared.leads(waits)) == LIMIT


async def test_who_tries_again_60_times_is_one_held_call_and_one_lead(
    pair: list[Server], shared: Store, accounts: list[Account]
) -> None:
    account = await asyncio.to_thread(shared.account, monthly_limit=1)
    accounts.append(account)
    ports = [server.port for server in pair]
    first, again = POSTS[:2]
    await post_together(ports, account, [first])

    answers = await post_together(ports, account, [again, dict(reversed(again.items()))] * 30)
    assert told(answers) == {(429, "true"): 60}
    assert [one.times for one in shared.held(account)] == [60]

    await asyncio.to_thread(shared.update, account, monthly_limit=99, release_held_calls=True)
    await all_released(pair[0], shared, account)
    assert names(shared.leads(account)) == names_in([first, again])


async def test_where_places_are_few_the_oldest_get_them(
    pair: list[Server], shared: Store, accounts: list[Account]
) -> None:
    account = await a_full_month(pair, shared, accounts)
    held = shared.held(account)
    places = 60
    more = {"monthly_limit": LIMIT + places, "release_held_calls": True}

    await asyncio.to_thread(shared.update, account, **more)
    left = WAITING - places
    await asyncio.to_thread(pair[0].wait_until, lambda: len(shared.held(account)) == left)

    oldest = names([one.capture for one in held[:places]])
    assert set(oldest) <= set(names(shared.leads(account)))
    assert [one.held_id for one in shared.held(account)] == [one.held_id for one in held[places:]]


async def test_all_become_leads_once_the_oldest_first_while_others_come_and_a_process_is_killed(
    pair: list[Server], shared: Store, accounts: list[Account]
) -> None:
    account = await a_full_month(pair, shared, accounts)
    held = shared.held(account)
    with ExitStack() as stack:
        mortal = stack.enter_context(serving(shared, program=dying(REMOVAL, 2)))
        for server in pair:
            freeze(server.process)
            stack.callback(thaw, server.process)
        more = {"monthly_limit": len(POSTS) + len(NEW), "release_held_calls": True}
        await asyncio.to_thread(shared.update, account, **more)
        assert await asyncio.to_thread(mortal.process.wait, 20) == -9
        left = len(shared.held(account))  # while the others are frozen: they go on at once
        first = shared.leads(account)
        await asyncio.sleep(2)  # the promise: a change is in force everywhere within two seconds
    answers = await post_together([server.port for server in pair], account, NEW)
    await all_released(pair[0], shared, account)

    assert 0 < left < WAITING
    made = len(first) - LIMIT
    assert made > WAITING - left, "it was killed before it had removed what it had made"
    assert told(answers) == {(201, None): len(NEW)}
    leads = shared.leads(account)
    assert sorted(names(leads)) == sorted(names_in(POSTS + NEW))
    came = {one.capture.details.name: one.at for one in held if one.capture}
    released = [lead for lead in leads if lead.details.name in came]
    assert {lead.details.name: lead.captured_at for lead in released} == came
    in_turn = list(came)
    assert set(names(first)) & set(in_turn) == set(in_turn[:made])
    if shared.kind == SQLITE:  # in MongoDB, what is released together is numbered side by side
        assert names(released) == in_turn
    assert_nothing_is_logged([mortal], accounts, POSTS + NEW)


async def all_released(server: Server, store: Store, account: Account) -> None:
    """Return when nothing of the project is held."""
    await asyncio.to_thread(server.wait_until, lambda: not store.held(account))
