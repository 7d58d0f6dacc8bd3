"""Meta delivers in any order, thrice, to several processes, and again after a crash: once each."""

import asyncio
import random
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Any

import pytest

from tests.corpus.cases import CASES
from tests.corpus.forms import as_meta
from tests.entrypoints.http.webhooks.deliveries import PATH, SECRET, sign
from tests.support.load import post_bytes
from tests.support.program import Server, serving
from tests.support.repetitions import times
from tests.support.stores import Account, Store
from tests.support.wire import Answer

SENDERS = 50
COPIES = 3
SEEDS = range(times(20, quick=1))


@pytest.fixture
def servers(fresh: Store) -> Iterator[list[Server]]:
    fresh.account("first")
    with ExitStack() as stack:
        yield [stack.enter_context(serving(fresh)) for _ in range(2)]


def a_project(store: Store) -> Account:
    account = store.account()
    store.connect(account, app_secret=[SECRET])
    return account


def posted(account: Account, payload: Any) -> bytes:
    """The signed delivery as it is on the wire."""
    body = as_meta(payload)
    head = (
        f"POST {PATH}?api_key={account.key} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n"
        f"X-Hub-Signature-256: {sign(body)}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Meta:
    """Fifty senders that deliver again, to whichever process, until they are answered 200."""

    def __init__(self, servers: Sequence[Server], account: Account, dice: random.Random) -> None:
        self._servers = list(servers)
        self._account = account
        self._dice = dice
        self.answers: dict[int, list[Answer | None]] = {server.port: [] for server in servers}
        self.is_half_done = asyncio.Event()

    async def deliver(self, payloads: Sequence[Any]) -> None:
        waiting = list(payloads)
        half = len(waiting) // 2

        async def send() -> None:
            while waiting:
                payload = waiting.pop()
                if len(waiting) <= half:
                    self.is_half_done.set()
                while not await self._is_taken(payload):  # noqa: ASYNC110  no server tells when
                    await asyncio.sleep(0.01)

        async with asyncio.TaskGroup() as group:
            for _ in range(SENDERS):
                group.create_task(send())

    def forget(self, server: Server) -> None:
        """Deliver to the others from now on."""
        self._servers.remove(server)

    async def _is_taken(self, payload: Any) -> bool:
        port = self._dice.choice(self._servers).port
        answer = await post_bytes(port, posted(self._account, payload))
        self.answers[port].append(answer)
        return answer is not None and answer.status == 200


def people(store: Store, account: Account) -> set[frozenset[str]]:
    """Each lead, named by its messages; no message is in two of them, or twice in one."""
    leads = [[m.message_id for m in lead.messages] for lead in store.leads(account)]
    messages = [message for lead in leads for message in lead]
    assert len(messages) == len(set(messages))
    return set(map(frozenset, leads))


EXPECTED = {
    frozenset(message.message_id for message in person.messages)
    for case in CASES
    for person in case.people
}

HELD = sum(len(case.held) for case in CASES)


@pytest.mark.parametrize("seed", SEEDS)
async def test_thrice_in_random_order_to_two_processes_of_which_one_is_killed_it_is_the_same_people(
    fresh: Store, servers: list[Server], seed: int
) -> None:
    dice = random.Random(seed)
    account = await asyncio.to_thread(a_project, fresh)
    meta = Meta(servers, account, dice)
    payloads = [payload for case in CASES for payload in case.deliveries] * COPIES
    dice.shuffle(payloads)

    delivering = asyncio.create_task(meta.deliver(payloads))
    await meta.is_half_done.wait()
    servers[0].kill()
    meta.forget(servers[0])
    await delivering

    assert {answer.status for answer in meta.answers[servers[0].port] if answer} <= {200, 503}
    survivors = meta.answers[servers[1].port]
    assert {answer.status if answer else None for answer in survivors} <= {200, 503}
    assert await asyncio.to_thread(people, fresh, account) == EXPECTED
    assert len(await asyncio.to_thread(fresh.held, account)) == HELD
