"""Where calls and items wait that are no leads yet."""

from abc import abstractmethod
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Protocol

from domain.held import HeldCall


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
            CannotBeHeld: Some of them; the others are held.
        """

    @abstractmethod
    async def hold_or_count(
        self, calls: Sequence[HeldCall], *, has_room: bool = True
    ) -> AbstractSet[str]:
        """
        Hold each of *calls*, of any projects; count one whose `once` its project holds already.

        If their projects have no room, nothing is held anew, only counted. Returns the `held_id`
        of each of *calls* that is held or counted.

        It is not held again: its `times` are added to those of the one that waits, whose `last_at`
        becomes the later of the two moments. Two of *calls* may have the same `once` as well.
        One whose `held_id` is held under another `once` is left out, as by `hold`.

        A unique index decides, so that of concurrent calls one is held and all are counted. A
        caller who does the same again after a failure may count them twice.

        Raises:
            CannotBeHeld: Some of them; the others are held.
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
        Remove what came last before this moment, then the oldest until at most *most* are left.

        When a call came last is its `last_at`, or its `at` where that is None. Of one project and
        code. Returns how many were removed.
        """
