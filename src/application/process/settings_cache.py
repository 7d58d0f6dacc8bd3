"""Settings that the store answered, remembered for a moment."""

import asyncio
import contextvars
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from application.ports.clock import Clock
from domain.errors import StorageUnavailable

K = TypeVar("K")
V = TypeVar("V")
T = TypeVar("T")

EXPIRES_AFTER_SECONDS = 2.0
"""The promise: a change in the store is in force in every process within this time."""
REFRESH_AFTER_SECONDS = 1.0
"""From this age on an answer is renewed in the background, so that no call waits for it."""
GATHER_SECONDS = 0.2
"""What becomes due within this time is renewed together."""
MOST_TOGETHER = 100
"""Answers of one question: so few that reading them holds up nobody."""
LOAD_TIMEOUT_SECONDS = 2.0
"""So long a call waits for the store, whichever call asked it."""


@dataclass(frozen=True, slots=True)
class _Known(Generic[V]):
    value: V
    asked_at: float


_Asked = asyncio.Future[_Known[V]]
"""The answer to a question that was asked, or will be in a moment."""


class SettingsCache(Generic[K, V]):
    """
    What `load` answered, never older than two seconds.

    An operator may revoke a key or lower a limit in another process at any moment, and no
    process tells another: an answer is in force until it is too old. So age counts from the
    moment when the store was asked, not from its answer: the change may have come in between.

    "There is none" is an answer and is remembered like any other; an error is not. All calls that
    need one answer wait for one question, which goes on when the call that began it is cancelled.

    With a thousand customers, a question for each of them each second would cost as much as their
    leads, and with more of them hardly any answer is known when the next call comes. So renewals
    gather, and so do the calls that have to wait, for one turn of the event loop. These wait for
    no renewal and for no earlier question. If the question fails although the store is there, each
    is asked for alone: what is spoilt for others is not its concern.

    Args:
        load: The answers for several keys, in their order.
        capacity: So many answers are remembered.
        together: So many are answered by one question; 1 where each is a question to the store.
    """

    def __init__(
        self,
        load: Callable[[Sequence[K]], Awaitable[Sequence[V]]],
        clock: Clock,
        *,
        capacity: int = 10_000,
        together: int = MOST_TOGETHER,
    ) -> None:
        self._load = load
        self._clock = clock
        self._capacity = capacity
        self._together = together
        self._known: OrderedDict[K, _Known[V]] = OrderedDict()
        self._asking: dict[K, _Asked[V]] = {}
        self._wanted: dict[K, _Asked[V]] = {}
        self._due: list[K] = []
        self._being_renewed: set[K] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    @classmethod
    def one_by_one(cls, load: Callable[[K], Awaitable[V]], clock: Clock) -> "SettingsCache[K, V]":
        """Where the store has no question for several: each is asked for when it is due."""

        async def answers(keys: Sequence[K]) -> list[V]:
            return [await load(key) for key in keys]

        return cls(answers, clock, together=1)

    async def get(self, key: K) -> V:
        """
        The value, at most two seconds old; does not suspend while it is known.

        Raises:
            StorageUnavailable: The store did not answer in time.
        """
        try:
            return self.peek(key)
        except KeyError:
            pass
        asked = self._ask(key)
        try:
            async with asyncio.timeout(LOAD_TIMEOUT_SECONDS):
                while self._is_too_old(known := await asyncio.shield(asked)):
                    asked = self._ask(key)  # another call had asked long before this one came
                return known.value
        except TimeoutError:
            self._forget(key, asked)  # the next call asks anew, beside the question that hangs
            raise StorageUnavailable("the store did not answer in time") from None

    def knows(self, key: K) -> bool:
        """Whether `peek` has an answer."""
        known = self._known.get(key)
        return known is not None and not self._is_too_old(known)

    def _is_too_old(self, known: _Known[V]) -> bool:
        return self._clock.monotonic() - known.asked_at >= EXPIRES_AFTER_SECONDS

    def peek(self, key: K) -> V:
        """
        The value, at most two seconds old, without asking the store.

        Raises:
            KeyError: It is not known, or no longer.
        """
        known = self._known[key]
        age = self._clock.monotonic() - known.asked_at
        if age >= EXPIRES_AFTER_SECONDS:
            raise KeyError(key)
        self._known.move_to_end(key)
        if age >= REFRESH_AFTER_SECONDS and key not in self._being_renewed:
            self._renew_soon(key)
        return known.value

    def _ask(self, key: K) -> _Asked[V]:
        asked = self._asking.get(key)
        # A question that is answered is forgotten only in the next turn, and its answer may be too
        # old: whoever comes in between asks anew.
        if asked is None or asked.done():
            loop = asyncio.get_running_loop()
            asked = self._asking[key] = loop.create_future()
            asked.add_done_callback(lambda done: self._forget(key, done))
            asked.add_done_callback(_look_at_error)
            self._wanted[key] = asked
            if len(self._wanted) == 1:
                loop.call_soon(self._ask_for_all, context=_of_no_call())
        return asked

    def _ask_for_all(self) -> None:
        """Ask for what is wanted by now: the calls of one turn of the event loop came before."""
        wanted, self._wanted = self._wanted, {}
        for portion in self._portions(list(wanted.items())):
            self._begin(self._answer(portion))

    async def _answer(self, asked: Sequence[tuple[K, _Asked[V]]]) -> None:
        try:
            answers = await self._load_and_remember([key for key, _ in asked], are_wanted=True)
        except asyncio.CancelledError:
            _fail(asked, StorageUnavailable("the question was broken off"))
            raise
        except Exception as error:  # noqa: BLE001  whatever it is, those who asked hear it
            if len(asked) == 1 or isinstance(error, StorageUnavailable):
                _fail(asked, error)
                return
            for one in asked:
                self._begin(self._answer([one]))
        else:
            for (_, future), answer in zip(asked, answers, strict=True):
                future.set_result(answer)

    def _portions(self, items: Sequence[T]) -> Iterator[Sequence[T]]:
        return (items[n : n + self._together] for n in range(0, len(items), self._together))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)  # the loop itself does not keep it
        task.add_done_callback(self._tasks.discard)

    def _forget(self, key: K, asked: _Asked[V]) -> None:
        if self._asking.get(key) is asked:
            del self._asking[key]

    def _renew_soon(self, key: K) -> None:
        loop = asyncio.get_running_loop()
        self._being_renewed.add(key)
        self._due.append(key)
        if len(self._due) == 1:
            loop.call_later(GATHER_SECONDS, self._renew, context=_of_no_call())

    def _renew(self) -> None:
        """Renew what has become due by now; where it fails, the old answers stay."""
        due, self._due = self._due, []
        for portion in self._portions(due):
            self._begin(self._renew_now(portion))

    async def _renew_now(self, keys: Sequence[K]) -> None:
        try:
            async with asyncio.timeout(LOAD_TIMEOUT_SECONDS):
                await self._load_and_remember(keys, are_wanted=False)
        except Exception:  # noqa: BLE001, S110  whoever finds an answer too old asks, and hears it
            pass
        finally:
            self._being_renewed.difference_update(keys)

    async def _load_and_remember(
        self, keys: Sequence[K], *, are_wanted: bool
    ) -> Sequence[_Known[V]]:
        """What calls want just now makes room for others last; what is only renewed stays."""
        asked_at = self._clock.monotonic()
        answers = [_Known(value, asked_at) for value in await self._load(keys)]
        for key, answer in zip(keys, answers, strict=True):
            known = self._known.get(key)
            # A question that hung, and was asked anew meanwhile, may be answered last: what was
            # asked for later is newer, and stays.
            if known is None or known.asked_at <= asked_at:
                self._known[key] = answer
                if are_wanted:
                    self._known.move_to_end(key)
        while len(self._known) > self._capacity:
            self._known.popitem(last=False)
        return answers


def _of_no_call() -> contextvars.Context:
    """Several calls may wait for one question: what the store logs of it names none of them."""
    return contextvars.Context()


def _fail(asked: Sequence[tuple[Any, "asyncio.Future[Any]"]], error: Exception) -> None:
    for _, future in asked:
        future.set_exception(error)


def _look_at_error(asked: "asyncio.Future[Any]") -> None:
    """Look at the error of a question that no call waits for, or asyncio would log it."""
    if not asked.cancelled():
        asked.exception()
