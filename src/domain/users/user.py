"""A user of the console: an e-mail address, and what it may see."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from domain.users.link import SignInLink

LOCAL_ADMIN = "admin@localhost"
"""Who tries the program out on one machine signs in as this user, by a link and no password."""
LONGEST_EMAIL = 255
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")


class InvalidUser(ValueError):
    """A user cannot be like this; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """
    Whoever signs in with an e-mail address.

    Attributes:
        email: Casefolded: addresses that differ in case alone are one user's.
        admin: May do everything.
        project_ids: What a member sees; an admin sees all.
        password: Its Argon2id hash as text; None until one is chosen.
        created_at, last_sign_in_at: Aware UTC.
        link: The newest link that signs in as this user, while it is not used.
        generation: Rises when the password changes and when the user signs out everywhere.
            Sessions of an earlier generation have ended.
    """

    user_id: str
    email: str
    admin: bool
    created_at: datetime
    project_ids: tuple[str, ...] = ()
    password: str | None = None
    last_sign_in_at: datetime | None = None
    link: SignInLink | None = None
    generation: int = 0

    def __post_init__(self) -> None:
        is_email = _EMAIL.fullmatch(self.email) and len(self.email) <= LONGEST_EMAIL
        if not is_email or self.email != folded_email(self.email):
            raise InvalidUser("A user has an e-mail address, of at most 255 characters.")

    def may_see(self, project_id: str) -> bool:
        """Whether the project is one of the user's; to an admin every project is."""
        return self.admin or project_id in self.project_ids


Becomes = TypeVar("Becomes", bound=User | None)
"""What a change makes of a user; None: the user is removed."""


def new_user_id() -> str:
    """An id that no user has: 80 random bits."""
    return "usr_" + secrets.token_hex(10)


def folded_email(typed: str) -> str:
    """
    An address as it is stored and compared: without blanks around it, and casefolded.

    What is no text (half a surrogate pair, a byte that is not UTF-8) becomes a question mark, and
    is nobody's.
    """
    return typed.strip().casefold().encode("utf-8", "replace").decode()
