"""Secrets locked with Fernet: AES-128-CBC and HMAC-SHA256, 32-byte keys in URL-safe base64."""

import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from application.ports.secret_box import SecretBox
from domain.errors import Advice, AdviceCode, StoreUnusable


class FernetSecretBox(SecretBox):
    """
    Locks with the first of *keys* and unlocks with any of them, so that keys can be rotated.

    Without keys one is made when the first secret is locked, and kept in *key_file*,
    readable for its owner alone; of processes that do so at the same time one wins.
    """

    def __init__(self, keys: tuple[str, ...], key_file: Path | None) -> None:
        self._keys = keys
        self._key_file = key_file

    def lock(self, secret: str) -> str:
        """*secret* as a Fernet token."""
        return self._fernet(make=True).encrypt(secret.encode()).decode("ascii")

    def unlock(self, locked: str) -> str:
        """What is in the token."""
        try:
            return self._fernet(make=False).decrypt(locked.encode()).decode()
        except InvalidToken:
            raise StoreUnusable(
                "A stored secret was locked with another key.",
                Advice(AdviceCode.ADD_OLD_SECRET_KEY),
            ) from None

    def _fernet(self, *, make: bool) -> MultiFernet:
        keys = self._keys or self._kept_key(make=make)
        try:
            return MultiFernet([Fernet(key) for key in keys])
        except ValueError:
            what = "The key that is set" if self._keys else f"What is in {self._key_file}"
            raise StoreUnusable(
                f"{what} is not a key: a key is 32 bytes in URL-safe base64."
            ) from None

    def _kept_key(self, *, make: bool) -> tuple[str, ...]:
        if self._key_file is None:
            raise StoreUnusable(
                "Secrets are stored encrypted, and no key for that is set.",
                Advice(AdviceCode.SET_SECRET_KEY),
            )
        if make:
            self._make_key(self._key_file)
        try:
            return (self._key_file.read_text("ascii").strip(),)
        except (OSError, UnicodeDecodeError):
            raise StoreUnusable(
                f"{self._key_file} cannot be read: it holds the key to the stored secrets.",
                Advice(AdviceCode.PUT_KEY_FILE_BACK, {"file": self._key_file}),
            ) from None

    def _make_key(self, path: Path) -> None:
        """Write the key under another name, then link it: nobody ever sees half a key."""
        if path.exists():
            return
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        try:
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(Fernet.generate_key() + b"\n")
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(draft, path)
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        except OSError as error:
            raise StoreUnusable(f"{path} cannot be written: {error.strerror}.") from None
