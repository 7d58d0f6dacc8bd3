"""Copies of the store in a file of their own."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

Progress = Callable[[float], None]
"""Called now and then with how much is done, 0 to 1."""


@dataclass(frozen=True, slots=True)
class StoredSetting:
    """The values of one setting of a channel as they are stored: secret ones are locked."""

    channel: str
    name: str
    values: Sequence[str]


@dataclass(frozen=True, slots=True)
class StoreContent:
    """What a whole and readable copy has."""

    size_bytes: int
    projects: int
    leads: int
    held: int
    settings: Sequence[StoredSetting]


@dataclass(frozen=True, slots=True)
class Saved:
    """
    A copy that was made.

    Attributes:
        key_file: Where the key beside the store was copied to; None where there is none.
    """

    file: Path
    content: StoreContent
    key_file: Path | None


@dataclass(frozen=True, slots=True)
class PutBack:
    """
    A copy that is the store now.

    Attributes:
        aside: The file that was the store before; None where there was none.
        key_file: The key that came with the copy, in its place now; None where none came.
    """

    content: StoreContent
    aside: Path | None
    key_file: Path | None


class StoreBackup(Protocol):
    """
    Saves the store in a file, with the key of its secrets beside it, and puts such a file back.

    Copies are readable for their owner alone. Every method blocks for as long as it takes, and
    leaves nothing half-done in sight, also where it raises `KeyboardInterrupt`.
    """

    @abstractmethod
    def save(self, file: Path, progress: Progress) -> Saved:
        """
        Copy the store, while it serves or not, to *file*; the copy is as of one moment.

        *file* appears whole or not at all. Nobody who writes leads waits for it.

        Raises:
            NameTaken: There is *file* already, or another key beside it; it is left alone.
            BackupUnusable: It cannot be written there, or the copy turned out to be damaged.
            StoreUnusable: There is no store, or it cannot be used.
            StorageUnavailable: It was busy for too long.
        """

    @abstractmethod
    def key_beside(self, file: Path) -> Path:
        """Where the key is that belongs to the copy *file*, if there is one."""

    @abstractmethod
    def put_back(
        self, file: Path, check: Callable[[StoreContent], None], *, replace: bool
    ) -> PutBack:
        """
        Make *file* the store, with the key beside it, while nobody has the store open.

        What was the store before is put aside, never deleted. Killed at any moment, it leaves
        the old store or the new one; what was begun is ended when the store is next opened.

        Args:
            file: A copy that `save` made.
            check: Called with what the copy has before anything is changed; may raise.
            replace: Do so where there is a store already.

        Raises:
            StoreInUse: Somebody has the store open.
            NameTaken: There is a store already, and it is not to be replaced.
            BackupUnusable: *file* is not a whole copy of a store that this program can open.
            StoreUnusable: It cannot be written where the store is.
        """
