"""Sign in with a password."""

from dataclasses import replace
from datetime import datetime

from application.ports.clock import Clock
from application.ports.password_hash import PasswordHash
from application.ports.user_register import UserRegister
from application.users.begin_session import BeginSession, SignedIn
from application.users.known_devices import KnownDevices
from application.users.throttle import Throttle
from domain.errors import NotFound
from domain.users.password import typed_password
from domain.users.refusals import WrongPassword
from domain.users.user import User, folded_email


class SignIn:
    """
    Prove a user by e-mail and password.

    - An unknown e-mail and a wrong password get the same answer, in the same time.
    - After 10 failures in 15 minutes an account waits for browsers that never signed in to it, and
      an address waits. A browser that did has a counter of its own: so nobody locks a user out,
      and whoever steals that browser cannot guess for ever either.
    """

    def __init__(
        self,
        users: UserRegister,
        passwords: PasswordHash,
        throttle: Throttle,
        devices: KnownDevices,
        begin_session: BeginSession,
        clock: Clock,
    ) -> None:
        self._users = users
        self._passwords = passwords
        self._throttle = throttle
        self._devices = devices
        self._begin_session = begin_session
        self._clock = clock

    async def __call__(
        self,
        email: str,
        password: str,
        *,
        device_token: str | None = None,
        address: str | None = None,
    ) -> SignedIn:
        """
        A new session of the user.

        Args:
            email: As it was typed.
            password: As it was typed.
            device_token: What the browser has of an earlier sign-in.
            address: Of the browser; None where it is not the peer's own, or something was
                forwarded, for then it may stand for many people.

        Raises:
            WrongPassword: No user has this e-mail and password.
            TooManyTries: Too many failed; this one was not judged, and is not counted.
            HashingBusy: Too many passwords wait to be checked.
        """
        now = self._clock.now()
        email = folded_email(email)
        user = await self._users.find(email) if "@" in email else None
        async with self._throttle.one_try(*self._subjects(email, user, device_token, address, now)):
            kept = user.password if user is not None else None
            if not await self._passwords.verify(kept, typed_password(password)) or user is None:
                raise WrongPassword
        try:
            await self._users.change(user.user_id, lambda it: replace(it, last_sign_in_at=now))
        except NotFound:  # removed at this very moment
            raise WrongPassword from None
        return await self._begin_session(user)

    def _subjects(
        self,
        email: str,
        user: User | None,
        device_token: str | None,
        address: str | None,
        now: datetime,
    ) -> tuple[str, str | None]:
        """The account and the address; for a browser that the user has used, that alone."""
        device = self._devices.read(device_token, user, now)
        return (f"account {email}", address) if device is None else (f"device {device}", None)
