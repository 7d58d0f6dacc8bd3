"""Who a browser's session token stands for, until the session ends."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from application.ports.clock import Clock
from application.ports.session_register import SessionRegister
from application.ports.user_register import UserRegister
from application.process.settings_cache import SettingsCache
from application.process.write_behind import WriteBehind
from domain.errors import NotFound
from domain.users.session import Session
from domain.users.tokens import digest_of, is_token
from domain.users.user import User

FLUSH_EVERY_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is signed in, and in which session."""

    user: User
    session: Session


class SessionUsage(WriteBehind[bytes]):
    """Remembers the second in which each session was last used."""

    def __init__(self, sessions: SessionRegister, clock: Clock) -> None:
        super().__init__(sessions.mark_used, every_seconds=FLUSH_EVERY_SECONDS)
        self._clock = clock

    def note(self, digest: bytes) -> datetime:
        """The session was used just now; the second in which it was."""
        now = self._clock.now().replace(microsecond=0)
        self.note_at(digest, now)
        return now


class Sessions:
    """
    Find out who is signed in, and sign out.

    What ends a session is in force in every process within two seconds: its own end, a removal of
    the user, another generation of the user's sessions.
    """

    def __init__(
        self, users: UserRegister, sessions: SessionRegister, usage: SessionUsage, clock: Clock
    ) -> None:
        self._users = users
        self._sessions = sessions
        self._usage = usage
        self._clock = clock
        self._cache: SettingsCache[bytes, Visitor | None] = SettingsCache.one_by_one(
            self._load, clock
        )

    async def authenticate(self, token: str | None, *, is_use: bool = True) -> Visitor | None:
        """
        Whom the session of this token stands for, at most two seconds old; None for nobody.

        Args:
            token: As the browser sent it.
            is_use: Whether somebody uses the session by this, and so keeps it from ending.

        Raises:
            StorageUnavailable: The store did not answer in time.
        """
        if token is None or not is_token(token):
            return None
        visitor = await self._cache.get(digest_of(token))
        if visitor is None or visitor.session.has_ended(self._clock.now()):
            return None
        if is_use:
            self._usage.note(visitor.session.digest)
        return visitor

    async def sign_out(self, visitor: Visitor) -> None:
        """End this session."""
        await self._sessions.end(visitor.session.digest)

    async def sign_out_everywhere(self, visitor: Visitor) -> None:
        """End every session of the user, this one too; a user who is gone has none."""
        with suppress(NotFound):
            await self._users.change(
                visitor.user.user_id, lambda user: replace(user, generation=user.generation + 1)
            )

    async def _load(self, digest: bytes) -> Visitor | None:
        session = await self._sessions.find(digest)
        user = await self._users.find(session.user_id) if session is not None else None
        if session is None or user is None or user.generation != session.generation:
            return None
        return Visitor(user, session)
