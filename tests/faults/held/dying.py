"""
The program that is killed at one await of holding or of releasing.

    python -m tests.faults.held.dying WHERE NUMBER serve --port 0
"""

import os
import signal
import sys
from collections.abc import Callable, Coroutine, Generator
from typing import Any

from adapters.mongodb.held.held_ledger import MongoHeldLedger
from adapters.sqlite.held.held_ledger import SqliteHeldLedger
from application.held.hold_refused import HoldRefused
from application.held.release import ReleaseHeld
from entrypoints.process.main import main

Method = Callable[..., Coroutine[Any, Any, Any]]

AWAITING = {
    "hold": (HoldRefused, "hold"),
    "write": (HoldRefused, "_write"),
    "release": (ReleaseHeld, "__call__"),
    "record": (ReleaseHeld, "_write"),
}
"""Whose awaits are counted: each twice, when it begins to wait and when it goes on."""
REMOVAL = "removal"
"""Counted are removals of what has become leads, before each begins."""


class _Moments:
    """Counts moments, and kills this process at the one that is wanted."""

    def __init__(self, number: int) -> None:
        self._left = number

    def pass_one(self) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


class _Stepped:
    """Awaits a coroutine and counts each of its moments."""

    def __init__(self, coroutine: Coroutine[Any, Any, Any], moments: _Moments) -> None:
        self._coroutine = coroutine
        self._moments = moments

    def __await__(self) -> Generator[Any, Any, Any]:
        step = self._coroutine.send
        value: Any = None
        while True:
            try:
                awaited = step(value)
            except StopIteration as end:
                return end.value
            self._moments.pass_one()
            try:
                step, value = self._coroutine.send, (yield awaited)
            except BaseException as error:  # noqa: BLE001  it is the coroutine's, as always
                step, value = self._coroutine.throw, error
            self._moments.pass_one()


def _counted(method: Method, moments: _Moments) -> Method:
    async def stepped(*arguments: Any, **named: Any) -> Any:
        return await _Stepped(method(*arguments, **named), moments)

    return stepped


def _before(method: Method, moments: _Moments) -> Method:
    async def begun(*arguments: Any, **named: Any) -> Any:
        moments.pass_one()
        return await method(*arguments, **named)

    return begun


def dying(where: str, number: int) -> tuple[str, ...]:
    """The command that runs the program until that moment."""
    return (sys.executable, "-m", "tests.faults.held.dying", where, str(number))


def _arm(where: str, number: int) -> None:
    moments = _Moments(number)
    if where == REMOVAL:
        for ledger in (MongoHeldLedger, SqliteHeldLedger):
            ledger.remove = _before(ledger.remove, moments)  # type: ignore[method-assign]
        return
    kind, name = AWAITING[where]
    setattr(kind, name, _counted(getattr(kind, name), moments))


if __name__ == "__main__":
    _arm(sys.argv.pop(1), int(sys.argv.pop(1)))
    main()
