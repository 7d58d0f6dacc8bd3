"""Where calls and items wait that are no leads yet."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from application.ports.lead_ledger import Capture


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCall:
    """
    One call, or one item of a delivery, that waits until its cause is mended.

    Attributes:
        held_id: Unique in its project; sorts by when it came.
        code: Why it is held: a key of `domain.held.ADVICE`.
        at: When it came, aware UTC.
        origin: Where it came from, as far as it says: a page, or the address in the channel.
        body: As received, as text.
        once: What it is held once by in its project, however often it comes.
        capture: What becomes of it; None where that could not be read. A project may give it
            to another one that it belongs to.
    """

    held_id: str
    project_id: str
    channel: str
    code: str
    at: datetime
    request_id: str
    origin: str | None
    body: str
    once: str
    capture: Capture | None


class HeldLedger(Protocol):
    """
    Holds what may become a lead; what is held takes no place and no number.

    What a method did is durable when it returns. Any method may raise `StorageUnavailable`:
    then some of it may be done, and the caller may do the same again.
    """

    @abstractmethod
    async def hold(self, calls: Sequence[HeldCall]) -> None:
        """
        Hold each of *calls*, of any projects; one whose `once` its project holds already is not.

        A unique index decides, so that of concurrent calls one is held.

        Raises:
            ValueError: The store cannot hold these ids; a defect of ours, since what is held
                can be stored. The others are held.
        """

    @abstractmethod
    async def move(self, project_id: str, held_ids: Sequence[str], code: str) -> None:
        """Hold these for another reason from now on; ids that are not held are no error."""

    @abstractmethod
    async def remove(self, project_id: str, held_ids: Sequence[str]) -> None:
        """Hold these no longer; ids that are not held are no error."""

    @abstractmethod
    async def prune(self, project_id: str, code: str, *, most: int, before: datetime) -> int:
        """
        Remove what came before this moment, then the oldest until at most *most* are left.

        Of one project and code. Returns how many were removed.
        """
