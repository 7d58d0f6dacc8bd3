"""Browsers that have signed in before, known by a cookie that names the user."""

import secrets
from contextlib import suppress
from datetime import datetime, timedelta

from application.ports.secret_box import SecretBox
from domain.errors import StoreUnusable
from domain.users.user import User

LASTS = timedelta(days=365)
_KIND = "device"


class KnownDevices:
    """
    Makes and reads device tokens. Nothing is stored: a token is locked, so nobody can make one.

    It signs nobody in. It only says that somebody who guesses passwords elsewhere does not make
    this browser wait.
    """

    def __init__(self, secret_box: SecretBox) -> None:
        self._secret_box = secret_box

    def token_for(self, user: User, now: datetime) -> str | None:
        """A token that names the user and a new device; None if there is no key to lock it with."""
        text = f"{_KIND} {user.user_id} {now:%Y-%m-%d} {secrets.token_hex(8)}"
        with suppress(StoreUnusable):
            return self._secret_box.lock(text)
        return None

    def read(self, token: str | None, user: User | None, now: datetime) -> str | None:
        """
        The device's name, if *token* is one of this user's that is less than a year old.

        The name is what was locked: the same token can be spelled in several ways. The token is
        unlocked whether there is such a user or not, so that both take the same time.
        """
        if not token:
            return None
        with suppress(StoreUnusable, ValueError):
            kind, user_id, made_on, name = self._secret_box.unlock(token).split(" ")
            made_at = datetime.fromisoformat(made_on).replace(tzinfo=now.tzinfo)
            is_known = user is not None and (kind, user_id) == (_KIND, user.user_id)
            if is_known and now - made_at < LASTS:
                return name
        return None
