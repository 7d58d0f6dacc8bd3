"""The link with which somebody tries the program out on one machine."""

from dataclasses import replace

from application.channels.diagnosis import HopAdvice, advice_on
from application.ports.clock import Clock
from application.ports.user_register import UserRegister
from application.users.make_link import LinkMaker
from domain.errors import NameTaken
from domain.users.user import LOCAL_ADMIN, User, new_user_id


class QuickSignIn:
    """
    Make a link that signs in as `admin@localhost`, without a password.

    Only where nobody outside this machine can open it, and while nobody else is an admin.
    """

    def __init__(
        self, users: UserRegister, make_link: LinkMaker, public_url: str, clock: Clock
    ) -> None:
        self._users = users
        self._make_link = make_link
        self._public_url = public_url
        self._clock = clock

    async def __call__(self) -> str | None:
        """
        The path and query of the link, for ten minutes and until the next one is made.

        Whoever prints it knows at which address this machine serves. None where the public address
        is not a loopback one, or somebody else is an admin.
        """
        if advice_on(self._public_url) is not HopAdvice.LOOPBACK or await self._has_admin():
            return None
        made = self._make_link(sets_password=False)
        user = User(
            user_id=new_user_id(), email=LOCAL_ADMIN, admin=True, created_at=self._clock.now()
        )
        try:
            await self._users.add(replace(user, link=made.kept))
        except NameTaken:
            await self._users.change(
                LOCAL_ADMIN, lambda it: replace(it, admin=True, link=made.kept)
            )
        return made.path

    async def _has_admin(self) -> bool:
        users = await self._users.all()
        return any(user.admin and user.email != LOCAL_ADMIN for user in users)
