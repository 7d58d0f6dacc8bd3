"""One key, many senders; changes that every process must see; clients that go away."""

import asyncio
import socket
import struct

import pytest

from tests.support.load import lead_bytes, post_lead, post_together
from tests.support.program import Server, serving
from tests.support.stores import Account, Store
from tests.support.wire import request

REPETITIONS = 2
IN_FORCE_WITHIN_SECONDS = 2.0


@pytest.mark.parametrize("limit", [None, 1], ids=["no limit", "one place"])
async def test_one_idempotency_key_sent_a_hundred_times_at_once_is_one_lead(
    pair: list[Server], shared: Store, limit: int | None
) -> None:
    account = await asyncio.to_thread(shared.account, monthly_limit=limit)
    ports = [server.port for server in pair]
    for round_number in range(REPETITIONS):
        bodies = [{"name": "Ada"}] * 100
        key = "order" if limit else f"order {round_number}"  # with a limit: in a full month too
        answers = await post_together(ports, account, bodies, Idempotency_Key=key)

        assert {answer.status if answer else None for answer in answers} == {201}
        assert len({answer.json()["lead_id"] for answer in answers if answer}) == 1
    leads = await asyncio.to_thread(shared.leads, account)
    assert len(leads) == (1 if limit else REPETITIONS)


async def refused_within(
    servers: list[Server], account: Account, status: int, **headers: str
) -> bool:
    """Whether every process answers *status* for good, two seconds from now at the latest."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + IN_FORCE_WITHIN_SECONDS
    while True:
        last_try = loop.time() >= deadline
        answers = await post_together(
            [server.port for server in servers], account, [{}] * len(servers), **headers
        )
        if all(answer is not None and answer.status == status for answer in answers):
            return True
        if last_try:
            return False
        await asyncio.sleep(0.02)


async def test_a_revoked_key_is_refused_by_every_process_within_two_seconds(
    pair: list[Server], shared: Store
) -> None:
    for _ in range(REPETITIONS):
        account = await asyncio.to_thread(shared.account)
        answers = await post_together([server.port for server in pair], account, [{}] * 20)
        assert {answer.status for answer in answers if answer} == {201}
        await asyncio.to_thread(shared.revoke, account)

        assert await refused_within(pair, account, 401)


async def test_a_changed_allowlist_is_in_force_in_every_process_within_two_seconds(
    pair: list[Server], shared: Store
) -> None:
    account = await asyncio.to_thread(shared.account, domains=["example.com"])
    page = {"Origin": "https://example.com"}
    assert {a.status for a in await post_together([s.port for s in pair], account, [{}] * 4, **page)
            if a} == {201}  # fmt: skip
    await asyncio.to_thread(
        shared.update, account, add_domains=["other.example"], remove_domains=["example.com"]
    )

    assert await refused_within(pair, account, 403, **page)
    answer = await post_lead(pair[0].port, account, {}, {"Origin": "https://other.example"})
    assert answer is not None
    assert answer.status == 201


async def test_a_key_made_while_the_servers_run_works_at_once(
    pair: list[Server], shared: Store
) -> None:
    account = await asyncio.to_thread(shared.account)

    answer = await post_lead(pair[1].port, account, {})
    assert answer is not None
    assert answer.status == 201


async def test_a_thousand_clients_that_go_away_do_no_harm(fresh: Store) -> None:
    account = await asyncio.to_thread(fresh.account)
    with serving(fresh) as server:
        for number in range(1000):
            leave(server.port, lead_bytes(account, {"name": f"gone {number}"}), number)
        answers = await post_together([server.port], account, [{"name": "stays"}] * 50)
        health = request(server.port, "GET", "/api/health")
        assert server.stop() == 0

    assert {answer.status if answer else None for answer in answers} == {201}
    assert health.status == 200
    leads = await asyncio.to_thread(fresh.leads, account)
    names = [lead.details.name for lead in leads]
    whole = {f"gone {number}" for number in range(1000) if number % 3 != 2}
    assert names.count("stays") == 50
    assert len(names) == len(set(names)) + 49
    assert set(names) - {"stays"} <= whole  # what was sent half is absent, what came is whole
    assert {len(lead.details.present()) for lead in leads} == {1}
    assert [line for line in server.lines if line["level"] in ("error", "critical")] == []
    assert b"never retrieved" not in server.raw_log


def leave(port: int, data: bytes, number: int) -> None:
    """Send, and go: with a reset, a plain close, or half the request unsent, in turn."""
    client = socket.create_connection(("127.0.0.1", port))
    if number % 3 == 0:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.sendall(data if number % 3 != 2 else data[: len(data) // 2])
    client.close()
