"""Put a backup in the place of the store."""

from collections.abc import Callable, Mapping
from pathlib import Path

from application.backup.stored_secrets import locked_secrets, opens_all
from application.ports.lead_channel import LeadChannel
from application.ports.secret_box import SecretBox
from application.ports.store_backup import StoreBackup
from domain.backup import PutBack, StoreContent
from domain.errors import Advice, AdviceCode, BackupUnusable


class RestoreStore:
    """
    Puts a backup back, with its key, unless its secrets could not be read afterwards.

    Args:
        secret_box: The one in force.
        box_of: Makes one over the key in a file; keys that were set go before it.
    """

    def __init__(
        self,
        backup: StoreBackup,
        channels: Mapping[str, LeadChannel],
        secret_box: SecretBox,
        box_of: Callable[..., SecretBox],
    ) -> None:
        self._backup = backup
        self._channels = channels
        self._secret_box = secret_box
        self._box_of = box_of

    def __call__(self, file: Path, *, replace: bool, without_secrets: bool) -> PutBack:
        """
        Make *file* the store; what was the store before is put aside.

        Args:
            file: What `BackUpStore` made.
            replace: Do so where there is a store already.
            without_secrets: Do so where the secrets of channels cannot be read afterwards.

        Raises:
            StoreInUse, NameTaken, BackupUnusable, StoreUnusable: See `StoreBackup`.
        """
        key = self._backup.key_beside(file)

        def check(content: StoreContent) -> None:
            box = self._box_of(key_file=key) if key.exists() else self._secret_box
            secrets = locked_secrets(content, self._channels)
            if not without_secrets and not opens_all(box, secrets):
                raise BackupUnusable(
                    f"The key at hand does not open the secrets of channels in {file}. Nothing was"
                    " changed.",
                    Advice(AdviceCode.FIND_KEY_OF_BACKUP, {"key": key}),
                )

        return self._backup.put_back(file, check, replace=replace)
