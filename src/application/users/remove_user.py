"""A user that is no more."""

from application.ports.user_register import UserRegister
from domain.users.user import User, folded_email


class RemoveUser:
    """Remove a user, with its sessions and its link; in force everywhere within two seconds."""

    def __init__(self, users: UserRegister) -> None:
        self._users = users

    async def __call__(self, email: str) -> User:
        """
        The user as it was; nothing is left of it.

        Raises:
            NotFound: There is no such user.
            LastAdmin: It is the only admin, or the only one who has a password.
        """
        gone: list[User] = []
        await self._users.change(folded_email(email), gone.append)
        return gone[-1]
