"""What a user may see and do."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from application.ports.user_register import UserRegister
from domain.users.user import User, folded_email


@dataclass(frozen=True, slots=True, kw_only=True)
class UserChange:
    """What should be different; *admin* is left as it is where it is None."""

    admin: bool | None = None
    add_project_ids: Sequence[str] = ()
    remove_project_ids: Sequence[str] = ()


class UpdateUser:
    """Change a user; in force in every process within two seconds."""

    def __init__(self, users: UserRegister) -> None:
        self._users = users

    async def __call__(self, email: str, change: UserChange) -> User:
        """
        The user as it is now. A project that is added twice, or was none of hers, is no fault.

        Raises:
            NotFound: There is no such user.
            LastAdmin: It is the only admin, or the only one who has a password.
        """

        def changed(user: User) -> User:
            kept = [one for one in user.project_ids if one not in change.remove_project_ids]
            return replace(
                user,
                admin=user.admin if change.admin is None else change.admin,
                project_ids=tuple(dict.fromkeys([*kept, *change.add_project_ids])),
            )

        return await self._users.change(folded_email(email), changed)
