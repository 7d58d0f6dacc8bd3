"""The names that WhatsApp has for a person: a business-scoped user id, a phone, or both."""

import re
from typing import Any

from domain.lead import Identity

USER_ID = "user_id"
PHONE = "phone"

_USER_ID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}", re.ASCII)
_PHONE = re.compile(r"\+?([0-9]{5,15})", re.ASCII)


def identities_of(message: dict[str, Any]) -> tuple[Identity, ...]:
    """
    The identities in a message, the user id first: it survives where the phone is left out.

    A user id may stand in `from`, too; letters are never stripped to make a phone of it.
    """
    found: dict[str, str] = {}
    for candidate in (message.get("from_user_id"), message.get("from")):
        if not isinstance(candidate, str):
            continue
        if _USER_ID.fullmatch(candidate):
            found.setdefault(USER_ID, candidate)
        elif phone := _PHONE.fullmatch(candidate):
            found.setdefault(PHONE, phone[1])
    return tuple(Identity(kind, found[kind]) for kind in (USER_ID, PHONE) if kind in found)


def phone_of(identities: tuple[Identity, ...]) -> str | None:
    """The phone as people write it; not judged, for WhatsApp's own forms fail validators."""
    return next((f"+{i.value}" for i in identities if i.kind == PHONE), None)
