"""A new link for a user."""

from dataclasses import dataclass, replace

from application.channels.webhook_address import without_login
from application.ports.clock import Clock
from application.ports.user_register import UserRegister
from domain.users.link import SignInLink, new_link
from domain.users.tokens import digest_of, new_token
from domain.users.user import User, folded_email

LINK_PATH = "/console/link"


@dataclass(frozen=True, slots=True)
class NewLink:
    """
    The user, and the link: the one chance to see it.

    Attributes:
        path: With its query, below the address at which this program is reached.
        url: Below the public address.
    """

    user: User
    path: str
    url: str


@dataclass(frozen=True, slots=True)
class DraftLink:
    """
    A link that no user has yet.

    Attributes:
        kept: What is kept of it.
        path: With its query, below the address at which this program is reached.
        url: Below the public address.
    """

    kept: SignInLink
    path: str
    url: str


class LinkMaker:
    """Makes links below the public address of this installation."""

    def __init__(self, public_url: str, clock: Clock) -> None:
        self._public_url = public_url
        self._clock = clock

    def __call__(self, *, sets_password: bool) -> DraftLink:
        """
        A link with a new token.

        The token is in the query, not in the path: logs, of ours and of others, keep paths.
        """
        token = new_token()
        kept = new_link(digest_of(token), self._clock.now(), sets_password=sets_password)
        path = f"{LINK_PATH}?token={token}"
        return DraftLink(kept, path, without_login(self._public_url).rstrip("/") + path)


class MakeSignInLink:
    """Make a link at which a user chooses a password: for a new one, and who forgot it."""

    def __init__(self, users: UserRegister, make: LinkMaker) -> None:
        self._users = users
        self._make = make

    async def __call__(self, email: str) -> NewLink:
        """
        A link that works once, for 24 hours; it ends the older one of this user.

        Raises:
            NotFound: There is no such user.
        """
        made = self._make(sets_password=True)
        user = await self._users.change(folded_email(email), lambda it: replace(it, link=made.kept))
        return NewLink(user, made.path, made.url)
