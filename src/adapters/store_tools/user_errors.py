"""What a register of users says no with, whichever store keeps it."""

from domain.errors import Advice, AdviceCode, LastAdmin, NameTaken, NotFound


def email_taken(email: str) -> NameTaken:
    """Another user has this address."""
    return NameTaken(f"There is a user {email!r} already.", Advice(AdviceCode.MAKE_ANOTHER_LINK))


def no_such_user(id_or_email: str) -> NotFound:
    """Nobody has this id or address."""
    return NotFound(f"There is no user {id_or_email!r}.", Advice(AdviceCode.LIST_USERS))


def last_admin(email: str) -> LastAdmin:
    """Without this user nobody would be an admin."""
    return LastAdmin(f"{email} is the only admin.", Advice(AdviceCode.MAKE_ANOTHER_ADMIN))
