"""A user that is no more."""

from application.ports.user_register import UserRegister
from domain.users.user import folded_email


class RemoveUser:
    """Remove a user, with its sessions and its link; in force everywhere within two seconds."""

    def __init__(self, users: UserRegister) -> None:
        self._users = users

    async def __call__(self, email: str) -> None:
        """
        Nothing is left of the user.

        Raises:
            NotFound: There is no such user.
            LastAdmin: It is the only admin.
        """
        await self._users.change(folded_email(email), lambda _: None)
