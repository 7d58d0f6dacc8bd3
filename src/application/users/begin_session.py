"""A new session, and what a browser gets to carry."""

from dataclasses import dataclass
from datetime import timedelta

from application.ports.clock import Clock
from application.ports.session_register import SessionRegister
from application.users.known_devices import KnownDevices
from domain.users.session import UNUSED_HOURS, Session
from domain.users.tokens import digest_of, new_token
from domain.users.user import User


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """
    Somebody has just signed in.

    Attributes:
        session_token: For the session's cookie; the one chance to see it.
        device_token: For the cookie that tells next time that this browser is the user's, for a
            year; None where this installation has no key to lock it with.
    """

    user: User
    session_token: str
    device_token: str | None


class BeginSession:
    """Sign a user in, whoever has proven to be that user; old sessions are cleared away."""

    def __init__(self, sessions: SessionRegister, devices: KnownDevices, clock: Clock) -> None:
        self._sessions = sessions
        self._devices = devices
        self._clock = clock

    async def __call__(self, user: User) -> SignedIn:
        """
        A session of the user as it was when that was proven.

        If the password was changed since, the session is one of an earlier generation, and has
        ended before it began.
        """
        now, token = self._clock.now(), new_token()
        session = Session(
            digest=digest_of(token),
            user_id=user.user_id,
            created_at=now,
            last_used_at=now,
            generation=user.generation,
        )
        await self._sessions.prune(now - timedelta(hours=UNUSED_HOURS))
        await self._sessions.add(session)
        return SignedIn(
            user=user, session_token=token, device_token=self._devices.token_for(user, now)
        )
