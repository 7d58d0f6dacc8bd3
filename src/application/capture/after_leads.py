"""Who can wait gives way to leads: a refused call can, and a lead cannot."""

import asyncio
from collections import deque
from typing import NamedTuple

from application.capture.lead_writer import LeadWriter

LONGEST_SECONDS = 0.025
"""Nobody gives way for longer, so that a process that always writes leads holds calls as well."""
LOOK_SECONDS = 0.001
"""Between two looks whether the leads are written."""
MOST_DUE = 8
"""So many of those who have given way for the longest time go on together."""
MOST_WAITING = 2_000
"""Where so many give way, the next one goes on at once: each has a body in memory."""


class _Waiting(NamedTuple):
    until: float
    may_go_on: asyncio.Future[None]


class AfterLeads:
    """
    Lets those who can wait go on when no lead is being written, one after the other.

    Who comes alone while none is written does not wait at all. Between two of them the event loop
    reads what has come: so a lead waits for one of them, and not for all that came before it. Of
    those who have given way for `LONGEST_SECONDS`, a few go on together, whatever is being written.
    """

    def __init__(self, writer: LeadWriter) -> None:
        self._writer = writer
        self._waiting: deque[_Waiting] = deque()
        self._task: asyncio.Task[None] | None = None
        self._one_just_went_on = False

    async def __call__(self) -> None:
        """Give way to the leads that are there, and to those who came here before."""
        if len(self._waiting) >= MOST_WAITING:
            return
        loop = asyncio.get_running_loop()
        others_wait = self._task is not None and not self._task.done()
        if not (others_wait or self._one_just_went_on or self._writer.is_busy):
            self._one_just_went_on = True
            # The next one waits for two turns of the loop, in which it reads what has come.
            loop.call_soon(loop.call_soon, self._forget_who_went_on)
            return
        may_go_on: asyncio.Future[None] = loop.create_future()
        self._waiting.append(_Waiting(loop.time() + LONGEST_SECONDS, may_go_on))
        if not others_wait:
            self._task = loop.create_task(self._let_go_on(), name="giving way to leads")
        await may_go_on

    def _forget_who_went_on(self) -> None:
        self._one_just_went_on = False

    async def _let_go_on(self) -> None:
        now = asyncio.get_running_loop().time
        try:
            while self._waiting:
                is_due = now() >= self._waiting[0].until
                if self._writer.is_busy and not is_due:
                    await asyncio.sleep(LOOK_SECONDS)
                    continue
                self._let_some_go_on(MOST_DUE if is_due else 1)
                await asyncio.sleep(0)  # they go on
                await asyncio.sleep(0)  # what has come meanwhile is read
        finally:
            self._let_some_go_on(len(self._waiting))  # this task was cancelled: nobody else would

    def _let_some_go_on(self, count: int) -> None:
        while self._waiting and count:
            may_go_on = self._waiting.popleft().may_go_on
            if not may_go_on.done():  # its caller is there
                may_go_on.set_result(None)
                count -= 1
