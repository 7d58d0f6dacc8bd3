"""The link with which somebody tries the program out on one machine."""

from dataclasses import replace
from urllib.parse import urlsplit

from application.channels.diagnosis import is_loopback
from application.ports.clock import Clock
from application.ports.user_register import UserRegister
from application.users.make_link import LinkMaker
from domain.errors import NameTaken
from domain.users.user import LOCAL_ADMIN, User, new_user_id


class QuickSignIn:
    """
    Make a link that signs in as `admin@localhost`, without a password.

    Only where nobody outside this machine can open it, neither at the public address nor at the one
    that is listened on, and while nobody else is an admin.
    """

    def __init__(
        self, users: UserRegister, make_link: LinkMaker, public_url: str, clock: Clock
    ) -> None:
        self._users = users
        self._make_link = make_link
        self._public_url = public_url
        self._clock = clock

    async def __call__(self, host: str) -> str | None:
        """
        The path and query of the link, for ten minutes and until the next one is made.

        Whoever prints it knows at which port this machine serves. None where *host*, which is
        listened on, or the public address is not a loopback one, or somebody else is an admin.
        """
        hosts = (host, urlsplit(self._public_url).hostname or "")
        if not all(map(is_loopback, hosts)) or await self._has_admin():
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
