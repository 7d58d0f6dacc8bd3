"""The guard against runaway clients."""

from abc import abstractmethod
from typing import Protocol


class RateGuard(Protocol):
    """
    Counts calls per project and client address in a short window.

    A guard against runaways, not a spam filter: several processes may each let
    a little more through, and whatever it remembers may be lost.
    """

    @abstractmethod
    def seconds_to_wait(self, project_id: str, client_address: str) -> int | None:
        """
        Count one call; None if it may go on, else in how many seconds (at least 1) to return.

        On the path of every request, therefore not a coroutine: does no I/O, raises nothing.
        """
