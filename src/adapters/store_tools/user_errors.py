"""What a register of users says no with, whichever store keeps it."""

from domain.errors import Advice, AdviceCode, LastAdmin, NameTaken, NotFound
from domain.users.user import User


def email_taken(email: str) -> NameTaken:
    """Another user has this address."""
    return NameTaken(f"There is a user {email!r} already.", Advice(AdviceCode.MAKE_ANOTHER_LINK))


def no_such_user(id_or_email: str) -> NotFound:
    """Nobody has this id or address."""
    return NotFound(f"There is no user {id_or_email!r}.", Advice(AdviceCode.LIST_USERS))


def last_admin(user: User) -> LastAdmin:
    """Without this user nobody would be an admin, or none who has a password."""
    only = "the only admin" + (" who has a password" if user.password is not None else "")
    return LastAdmin(f"{user.email} is {only}.", Advice(AdviceCode.MAKE_ANOTHER_ADMIN))
