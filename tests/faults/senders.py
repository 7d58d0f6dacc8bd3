"""Senders that never pause, and whether what they were promised was kept."""

import asyncio
from collections import Counter
from collections.abc import Mapping

from tests.support.by_hand import places_of
from tests.support.load import post_lead
from tests.support.program import Server
from tests.support.stores import Account, Store

SENDERS = 32
KEPT = {"lost": 0, "twice": 0, "places": 0}
"""No promise was broken, in any way."""


class Senders:
    """They never pause; what they were promised is kept by number."""

    def __init__(
        self, server: Server, account: Account, headers: Mapping[str, str] | None = None
    ) -> None:
        self.server = server
        self._account = account
        self._headers = headers
        self._sent = 0
        self.promised: dict[int, str] = {}
        self.odd: set[int] = set()

    async def until(self, promises: int) -> None:
        """Send until so many more promises were made, or the server is no more."""
        goal = len(self.promised) + promises
        async with asyncio.TaskGroup() as group:
            for _ in range(SENDERS):
                group.create_task(self._send(goal))

    async def promised_so_many_more(self, count: int) -> None:
        """The load is in full swing when this returns."""
        goal = len(self.promised) + count
        while len(self.promised) < goal:  # noqa: ASYNC110  the senders are in this very loop
            await asyncio.sleep(0.001)

    async def _send(self, goal: int) -> None:
        while len(self.promised) < goal:
            self._sent += 1
            name = f"lead {self._sent}"
            answer = await post_lead(self.server.port, self._account, {"name": name}, self._headers)
            if answer is None:
                assert self.server.process.poll() is not None, "no answer from a live server"
                return
            if answer.status == 201:
                self.promised[answer.json()["lead_id"]] = name
            else:
                self.odd.add(answer.status)
                await asyncio.sleep(0.01)


async def broken_promises(store: Store, account: Account, senders: Senders) -> Counter[str]:
    """How often a promise was broken, in each way."""
    leads = await asyncio.to_thread(store.leads, account)
    names = {lead.lead_id: lead.details.name for lead in leads}
    return Counter(
        {
            "lost": sum(names.get(number) != name for number, name in senders.promised.items()),
            "twice": len(names) - len(set(names.values())),
            "places": abs(len(places_of(store, account)) - len(leads)),
        }
    )
