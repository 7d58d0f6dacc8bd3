"""Copies of the store in a file of their own."""

from abc import abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from domain.backup import Progress, PutBack, Saved, StoreContent


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
