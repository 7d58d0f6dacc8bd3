"""What was acknowledged as held survives `kill -9`, wherever it strikes, and becomes one lead."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Any

from tests.faults.held.dying import dying
from tests.faults.held.sent import (
    HELD,
    a_lead,
    assert_no_key_is_stored,
    assert_nothing_is_logged,
)
from tests.support.load import post_lead
from tests.support.program import Server, serving, swiftcrm
from tests.support.repetitions import FULL
from tests.support.stores import Account, Store

SENDERS = 4
POSTS = [a_lead(number) for number in range(40)]
FIRST, *REFUSED = POSTS

HOLDING = (
    [("hold", number) for number in (1, 2, 3, 4, 5, 6, 7, 8, 20, 60)]
    + [("write", number) for number in (1, 2, 3, 4, 5, 6, 20)]
    if FULL
    else [("hold", 20), ("write", 6)]
)
RELEASING = (
    [("release", number) for number in range(1, 21)]
    + [("record", number) for number in (1, 2, 3, 10, 40, 41, 60)]
    if FULL
    else [("release", 18), ("record", 41)]
)
"""Where it is killed: whose awaits, and at which moment of them; see `dying`."""


async def send(server: Server, account: Account, posts: Sequence[Any]) -> list[str]:
    """Send until the server is no more; the names of those that it said it holds."""
    waiting, held = list(posts), []

    async def sender() -> None:
        while waiting:
            post = waiting.pop(0)
            answer = await post_lead(server.port, account, post)
            if answer is None:
                return
            assert answer.status == 429
            if answer.headers.get(HELD) == "true":
                held.append(post["name"])

    await asyncio.gather(*(sender() for _ in range(SENDERS)))
    return held


async def a_full_month(server: Server, store: Store) -> Account:
    account = await asyncio.to_thread(store.account, monthly_limit=1)
    answer = await post_lead(server.port, account, FIRST)
    assert answer is not None
    assert answer.status == 201
    return account


def names_held(store: Store, account: Account) -> list[str]:
    return [str(one.capture.details.name) for one in store.held(account) if one.capture]


async def release(store: Store, account: Account) -> None:
    """Give all that wait a place."""
    more = {"monthly_limit": len(POSTS), "release_held_calls": True}
    await asyncio.to_thread(store.update, account, **more)


async def assert_one_lead_each(store: Store, account: Account, names: Sequence[str]) -> None:
    """Whoever releases the rest makes one lead of each that was promised, and none twice."""
    done = await asyncio.to_thread(swiftcrm, store, "held", "release", account.project_id)
    assert done.returncode == 0, done.stderr
    assert store.held(account) == []
    made = Counter(lead.details.name for lead in store.leads(account))
    assert [name for name in names if made[name] != 1] == []
    assert [name for name, times in made.items() if times > 1] == []


async def test_a_kill_while_calls_are_held_loses_none_that_was_acknowledged(fresh: Store) -> None:
    await asyncio.to_thread(fresh.account)
    promised: dict[Account, Sequence[str]] = {}
    dead = []
    for where, number in HOLDING:
        with serving(fresh, program=dying(where, number)) as server:
            account = await a_full_month(server, fresh)
            promised[account] = await send(server, account, REFUSED)
            assert await asyncio.to_thread(server.process.wait, 20) == -9
        dead.append(server)
        kept = Counter(names_held(fresh, account))
        assert [name for name in promised[account] if not kept[name]] == []
        assert set(kept.values()) <= {1}

    assert sum(map(len, promised.values())) > 0
    for account, names in promised.items():
        await release(fresh, account)
        await assert_one_lead_each(fresh, account, names)
    assert_nothing_is_logged(dead, list(promised), POSTS)
    assert_no_key_is_stored(fresh, list(promised))


async def test_a_kill_while_calls_are_released_makes_one_lead_of_each(fresh: Store) -> None:
    await asyncio.to_thread(fresh.account)
    accounts, dead = [], []
    for where, number in RELEASING:
        with serving(fresh, program=dying(where, number)) as server:
            account = await a_full_month(server, fresh)
            assert len(await send(server, account, REFUSED)) == len(REFUSED)
            await release(fresh, account)
            assert await asyncio.to_thread(server.process.wait, 20) == -9, (where, number)
        accounts.append(account)
        dead.append(server)
        # Before the next one is killed: it would release what is left, and count that too.
        await assert_one_lead_each(fresh, account, [post["name"] for post in POSTS])

    assert_nothing_is_logged(dead, accounts, POSTS)
    assert_no_key_is_stored(fresh, accounts)
