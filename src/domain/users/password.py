"""Which passwords may be chosen."""

import unicodedata

from domain.users.refusals import WeakPassword

FEWEST_CHARACTERS = 10
MOST_CHARACTERS = 1000
"""Longer ones are no safer, and would only cost time."""


def chosen_password(typed: str) -> str:
    """
    The password as it is hashed.

    Raises:
        WeakPassword: It has too few characters, or too many.
    """
    password = typed_password(typed)
    if not FEWEST_CHARACTERS <= len(password) <= MOST_CHARACTERS:
        raise WeakPassword
    return password


def typed_password(typed: str) -> str:
    """*typed* in one form (NFC), since machines differ in how they write an accent."""
    return unicodedata.normalize("NFC", typed)
