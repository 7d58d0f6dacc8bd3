"""The names that WhatsApp has for a person: a business-scoped user id, a phone, or both."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from domain.lead import Identity

USER_ID = "user_id"
PHONE = "phone"
KINDS = (USER_ID, PHONE)
"""The user id first: it survives where the phone is left out."""

_USER_ID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}", re.ASCII)
_PHONE = re.compile(r"\+?([0-9]{5,15})", re.ASCII)
_FORMS = (
    (re.compile(r"\A521(?=[0-9]{10}\Z)", re.ASCII), "52"),
    (re.compile(r"\A549(?=[0-9]{10}\Z)", re.ASCII), "54"),
    (re.compile(r"(?<=\A55[0-9]{2})(?=[6-9][0-9]{7}\Z)", re.ASCII), "9"),
)

Names = Mapping[str, str]
"""By kind, a person's user id and the digits of the phone as Meta sent them; either, or both."""


def names_among(*candidates: Any) -> dict[str, str]:
    """
    The first name of each kind among *candidates*.

    What stands in which key says nothing: a user id comes in `from` and `wa_id`, too, and
    letters are never stripped to make a phone of it. An empty text is no name, and a number is
    none: `as_word` reads it where a phone may come as one.
    """
    names: dict[str, str] = {}
    for candidate in candidates:
        if isinstance(candidate, str):
            _add(names, candidate)
    return names


def _add(names: dict[str, str], candidate: str) -> None:
    if _USER_ID.fullmatch(candidate):
        names.setdefault(USER_ID, candidate)
    elif phone := _PHONE.fullmatch(candidate):
        names.setdefault(PHONE, phone[1])


def identities(names: Names) -> tuple[Identity, ...]:
    """*names* in the form in which they are compared."""
    return tuple(Identity(kind, _canonical(kind, names[kind])) for kind in KINDS if kind in names)


def all_identities(candidates: Iterable[Any]) -> tuple[Identity, ...]:
    """Every name among *candidates*, of whichever kind, once and in their order."""
    found = (identity for one in candidates for identity in identities(names_among(one)))
    return tuple(dict.fromkeys(found))


def _canonical(kind: str, name: str) -> str:
    return canonical_phone(name) if kind == PHONE else name


def canonical_phone(digits: str) -> str:
    """
    One form for each phone, where WhatsApp sends two.

    Mexico's 521… and Argentina's 549… are older forms of 52… and 54…. A Brazilian mobile
    number of eight digits (from 6 on; below are landlines) has got a 9 before it.
    """
    for pattern, canonical in _FORMS:
        digits = pattern.sub(canonical, digits)
    return digits
