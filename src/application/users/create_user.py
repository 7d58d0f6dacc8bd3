"""A new user, and the link that lets it in."""

from collections.abc import Sequence

from application.ports.address_syntax import AddressSyntax
from application.ports.clock import Clock
from application.ports.user_register import UserRegister
from application.users.make_link import LinkMaker, NewLink
from domain.users.user import InvalidUser, User, folded_email, new_user_id


class CreateUser:
    """Invite somebody: make the user, with a link at which a password is chosen."""

    def __init__(
        self, users: UserRegister, syntax: AddressSyntax, make_link: LinkMaker, clock: Clock
    ) -> None:
        self._users = users
        self._syntax = syntax
        self._make_link = make_link
        self._clock = clock

    async def __call__(
        self, email: str, *, admin: bool = False, project_ids: Sequence[str] = ()
    ) -> NewLink:
        """
        The user, and a link that works once, for 24 hours.

        Raises:
            InvalidUser: It is no e-mail address.
            NameTaken: There is a user with this address.
        """
        if not self._syntax.is_email(email.strip()):
            raise InvalidUser("A user has an e-mail address, such as ada@example.com.")
        made = self._make_link(sets_password=True)
        user = User(
            user_id=new_user_id(),
            email=folded_email(email),
            admin=admin,
            project_ids=tuple(dict.fromkeys(project_ids)),
            created_at=self._clock.now(),
            link=made.kept,
        )
        await self._users.add(user)
        return NewLink(user, made.path, made.url)
