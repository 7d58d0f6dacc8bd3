"""The names that WhatsApp has for a person: a business-scoped user id, a phone, or both."""

import re
from typing import Any

from domain.lead import Identity

USER_ID = "user_id"
PHONE = "phone"

_USER_ID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}", re.ASCII)
_FORMS = (
    (re.compile(r"\A521(?=[0-9]{10}\Z)", re.ASCII), "52"),
    (re.compile(r"\A549(?=[0-9]{10}\Z)", re.ASCII), "54"),
    (re.compile(r"(?<=\A55[0-9]{2})(?=[6-9][0-9]{7}\Z)", re.ASCII), "9"),
)
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
            found.setdefault(PHONE, canonical_phone(phone[1]))
    return tuple(Identity(kind, found[kind]) for kind in (USER_ID, PHONE) if kind in found)


def phone_of(message: dict[str, Any]) -> str | None:
    """The phone as people write it; not judged, for WhatsApp's own forms fail validators."""
    phone = _PHONE.fullmatch(message["from"]) if isinstance(message.get("from"), str) else None
    return f"+{phone[1]}" if phone else None


def canonical_phone(digits: str) -> str:
    """
    One form for each phone, where WhatsApp sends two.

    Mexico's 521… and Argentina's 549… are older forms of 52… and 54…. A Brazilian mobile
    number of eight digits (from 6 on; below are landlines) has got a 9 before it.
    """
    for pattern, canonical in _FORMS:
        digits = pattern.sub(canonical, digits)
    return digits
