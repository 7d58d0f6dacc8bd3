"""Another password."""

from dataclasses import replace

from application.ports.password_hash import PasswordHash
from application.ports.user_register import UserRegister
from application.users.begin_session import BeginSession, SignedIn
from application.users.sessions import Visitor
from application.users.throttle import Throttle
from domain.errors import NotFound
from domain.users.password import chosen_password, typed_password
from domain.users.refusals import WrongPassword
from domain.users.user import User


class ChangePassword:
    """Let a user who is signed in choose another password; it ends all sessions of before."""

    def __init__(
        self,
        users: UserRegister,
        passwords: PasswordHash,
        throttle: Throttle,
        begin_session: BeginSession,
    ) -> None:
        self._users = users
        self._passwords = passwords
        self._throttle = throttle
        self._begin_session = begin_session

    async def __call__(self, visitor: Visitor, *, old: str, new: str) -> SignedIn:
        """
        A new session for this browser, in place of its own, which has ended with the others.

        *old* is not looked at where the user has no password yet.

        Raises:
            WeakPassword: *new* cannot be chosen.
            WrongPassword: *old* is not the password, or it was changed at this very moment.
            TooManyTries: Ten such tries have failed in 15 minutes.
            HashingBusy: Too many passwords wait to be hashed.
        """
        password = chosen_password(new)
        user = visitor.user
        if user.password is not None:
            async with self._throttle.one_try(f"change {user.user_id}"):
                if not await self._passwords.verify(user.password, typed_password(old)):
                    raise WrongPassword
        kept = await self._passwords.hash(password)

        def changed(now: User) -> User:
            if now.password != user.password:
                raise WrongPassword
            return replace(now, password=kept, link=None, generation=now.generation + 1)

        try:
            return await self._begin_session(await self._users.change(user.user_id, changed))
        except NotFound:  # removed at this very moment
            raise WrongPassword from None
