"""Save the store and the key of its secrets."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from application.backup.stored_secrets import locked_secrets, opens_all
from application.ports.lead_channel import LeadChannel
from application.ports.secret_box import SecretBox
from application.ports.store_backup import StoreBackup
from domain.backup import Progress, Saved


@dataclass(frozen=True, slots=True)
class Backup:
    """
    What was saved, and what the key at hand makes of it.

    Attributes:
        secrets: How many secrets of channels are in it.
        are_readable: Whether the key in force opens them all.
    """

    saved: Saved
    secrets: int
    are_readable: bool


class BackUpStore:
    """Saves the store, and finds out whether the secrets in the copy can be read."""

    def __init__(
        self, backup: StoreBackup, channels: Mapping[str, LeadChannel], secret_box: SecretBox
    ) -> None:
        self._backup = backup
        self._channels = channels
        self._secret_box = secret_box

    def __call__(self, file: Path, progress: Progress) -> Backup:
        """
        Copy the store to *file*, and its key beside it; blocks until both are on the disk.

        Raises:
            NameTaken, BackupUnusable, StoreUnusable, StorageUnavailable: See `StoreBackup`.
        """
        saved = self._backup.save(file, progress)
        secrets = locked_secrets(saved.content, self._channels)
        return Backup(saved, len(secrets), opens_all(self._secret_box, secrets))
