"""
How much memory the bodies of all requests may take, from their first byte to their answer.

Who calls is judged before what is sent: a caller whose key is known gets more room than one
whose key is not, and no caller can take the room of all others. What counts is what has been
received, not what was announced: to announce much costs nothing. All of it is in one process and
one thread; each process bounds itself.
"""

from collections import Counter
from dataclasses import dataclass

from domain.refusals import Overloaded

KIB = 1024
MIB = 1024 * KIB


@dataclass(frozen=True, slots=True)
class Share:
    """Room for one kind of request: *most_bytes* for all of them, *each_bytes* for one owner."""

    name: str
    most_bytes: int
    each_bytes: int


UNKNOWN = Share("unknown", 8 * MIB, 256 * KIB)
"""The key is not known yet; an owner is a client's address."""
SMALL = Share("small", 32 * MIB, 8 * MIB)
"""The key is known, and a part of a lead has come; an owner is a project."""
WHOLE = Share("whole", 32 * MIB, 8 * MIB)
"""
A lead has come whole and waits for its answer; an owner is a project. Clients that stall half-way
through a body take none of this room.
"""
LARGE = Share("large", 24 * MIB, 6 * MIB)
"""The key is known, and more than a lead has come, as a webhook may send; an owner is a project."""


class BodyMemory:
    """What all connections of a process take."""

    def __init__(self) -> None:
        self._used: Counter[str] = Counter()
        self._used_by: dict[tuple[str, str], int] = {}

    def take(self, share: Share, owner: str | None, size: int) -> None:
        """
        Take room for *size* bytes; without an *owner*, only the share as a whole is a bound.

        Raises:
            Overloaded: There is not so much left; nothing was taken.
        """
        used = self._used[share.name] + size
        if used > share.most_bytes:
            raise Overloaded(retry_after_seconds=1)
        if owner is not None:
            key = (share.name, owner)
            mine = self._used_by.get(key, 0) + size
            if mine > share.each_bytes:
                raise Overloaded(retry_after_seconds=1)
            self._used_by[key] = mine
        self._used[share.name] = used

    def give_back(self, share: Share, owner: str | None, size: int) -> None:
        """Give back what was taken."""
        self._used[share.name] -= size
        if owner is not None:
            key = (share.name, owner)
            left = self._used_by[key] - size
            if left:
                self._used_by[key] = left
            else:
                del self._used_by[key]


class Room:
    """The room that one connection takes for the request that it is receiving or answering."""

    __slots__ = ("_memory", "_owner", "_share", "_size")

    def __init__(self, memory: BodyMemory) -> None:
        self._memory = memory
        self._share = UNKNOWN
        self._owner: str | None = None
        self._size = 0

    def take(self, share: Share, owner: str | None, size: int) -> None:
        """
        Take *size* bytes of *share*, in place of what was taken before.

        Raises:
            Overloaded: There is not so much left; nothing is taken any more.
        """
        self.give_back()
        if size:
            self._memory.take(share, owner, size)
            self._share, self._owner, self._size = share, owner, size

    def give_back(self) -> None:
        """Take nothing."""
        if self._size:
            self._memory.give_back(self._share, self._owner, self._size)
            self._size = 0
