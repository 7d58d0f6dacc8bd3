"""A link that signs in: looked at as often as one likes, used once."""

from dataclasses import dataclass, replace

from application.ports.clock import Clock
from application.ports.password_hash import PasswordHash
from application.ports.user_register import UserRegister
from application.users.begin_session import BeginSession, SignedIn
from domain.errors import NotFound
from domain.users.password import chosen_password
from domain.users.refusals import LinkGone, WeakPassword
from domain.users.tokens import digest_of, is_token
from domain.users.user import User


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """Whom the link signs in, and whether a password is to be chosen."""

    user: User
    sets_password: bool


class OpenLink:
    """
    Show and use a sign-in link.

    Using it is one change of the user, which takes the link away and sets the password. Of two who
    use it at the same moment one wins. A process that is killed leaves the link or the password.
    """

    def __init__(
        self,
        users: UserRegister,
        passwords: PasswordHash,
        begin_session: BeginSession,
        clock: Clock,
    ) -> None:
        self._users = users
        self._passwords = passwords
        self._begin_session = begin_session
        self._clock = clock

    async def look(self, token: str) -> OpenedLink:
        """
        What the link is for; it does not use it up: programs that scan mail look at links.

        Raises:
            LinkGone: Nobody has this link any more.
        """
        user = await self._users.with_link(digest_of(token)) if is_token(token) else None
        if user is None:
            raise LinkGone
        return OpenedLink(user, _sets_password(user, digest_of(token), self._clock))

    async def use(self, token: str, password: str | None = None) -> SignedIn:
        """
        Sign in, with the *password* that was chosen; it ends all other sessions of the user.

        Raises:
            LinkGone: Nobody has this link any more.
            WeakPassword: A password is to be chosen, and not this one; the link stays.
            HashingBusy: Too many passwords wait to be hashed; the link stays.
        """
        link = await self.look(token)
        kept = None
        if link.sets_password:
            if password is None:
                raise WeakPassword
            kept = await self._passwords.hash(chosen_password(password))
        try:
            user = await self._users.change(
                link.user.user_id, lambda it: self._used(it, digest_of(token), kept)
            )
        except NotFound:
            raise LinkGone from None
        return await self._begin_session(user)

    def _used(self, user: User, digest: bytes, password: str | None) -> User:
        """The user without the link, and with the password."""
        sets_password = _sets_password(user, digest, self._clock)
        user = replace(user, link=None, last_sign_in_at=self._clock.now())
        if sets_password:
            return replace(user, password=password, generation=user.generation + 1)
        return user


def _sets_password(user: User, digest: bytes, clock: Clock) -> bool:
    if user.link is None or not user.link.opens(digest, clock.now()):
        raise LinkGone
    return user.link.sets_password
