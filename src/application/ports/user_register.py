"""Where the users of the console are kept."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import Protocol

from domain.users.user import Becomes, User


class UserRegister(Protocol):
    """
    The users of this installation.

    An e-mail address is given as `folded_email` makes it. Any method may raise
    `StorageUnavailable`; the caller may call again.
    """

    @abstractmethod
    async def add(self, user: User) -> None:
        """
        Keep a new user.

        Raises:
            NameTaken: A user with this address exists; atomic.
        """

    @abstractmethod
    async def find(self, id_or_email: str) -> User | None:
        """The user with this id or address."""

    @abstractmethod
    async def with_link(self, digest: bytes) -> User | None:
        """The user whose link has a token with this digest; it may have expired."""

    @abstractmethod
    async def all(self) -> Sequence[User]:
        """Every user, oldest first."""

    @abstractmethod
    async def change(self, id_or_email: str, change: Callable[[User], Becomes]) -> Becomes:
        """
        Replace the user by what *change* makes of it; None removes it, with all its sessions.

        The id, the address and `created_at` stay. Atomic: of concurrent changes none is lost.
        *change* may be called more than once, and may raise; then nothing is changed. Where there
        is an admin, one is left, and where there is one with a password, one with a password is
        left: also of two that are changed at the same moment, by whatever process.

        Raises:
            NotFound: There is no such user.
            LastAdmin: No such admin would be left; nothing was changed.
        """
