"""
Who wrote a message.

First the names that WhatsApp has for a person, a user id, a phone, or both, and the one form in
which they are compared. Then the senders of the messages in one change, by the ids in each message
and by the contacts beside them.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.channel_tools.sent_json import as_list, as_word, as_written, at
from adapters.whatsapp.payload import SentMessage, SentMessages
from domain.identity import Identity

USER_ID = "user_id"
PHONE = "phone"
KINDS = (USER_ID, PHONE)
"""The user id first: it is there also where the phone is left out."""
_USER_ID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}", re.ASCII)
_PHONE = re.compile(r"\+?([0-9]{5,15})", re.ASCII)
_FORMS = (
    (re.compile(r"\A521(?=[0-9]{10}\Z)", re.ASCII), "52"),
    (re.compile(r"\A549(?=[0-9]{10}\Z)", re.ASCII), "54"),
    (re.compile(r"(?<=\A55[0-9]{2})(?=[6-9][0-9]{7}\Z)", re.ASCII), "9"),
)
CONTACT_REQUEST = "contact_request"
"""The origin of a card that the sender was asked for: it holds the sender's own number."""
_COUNTRY_LETTERS = 2
_BLANKS = re.compile(r"[\s().-]", re.ASCII)
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


@dataclass(frozen=True, slots=True)
class Sender:
    """The person who wrote a message, as far as the message and a contact say."""

    names: Names
    name: str | None
    username: str | None

    @property
    def identities(self) -> tuple[Identity, ...]:
        """In the form in which they are compared; none where the message names no sender."""
        return identities(self.names)

    @property
    def phone(self) -> str | None:
        """As people write it; not judged, for WhatsApp's own forms fail validators."""
        return f"+{self.names[PHONE]}" if PHONE in self.names else None

    @property
    def country(self) -> str | None:
        """The letters that a user id begins with; without a phone nothing else says the country."""
        return self.names[USER_ID][:_COUNTRY_LETTERS] if USER_ID in self.names else None


class Senders:
    """The senders of the messages in one change, whose contacts come in any order."""

    def __init__(self, value: SentMessages) -> None:
        contacts = as_list(value.get("contacts"))
        self._by_identity: dict[Identity, Any] = {}
        for contact in contacts:
            for identity in identities(_names_of_contact(contact)):
                self._by_identity.setdefault(identity, contact)
        messages = as_list(value.get("messages"))
        senders = {identities(_own_names(m)) or number for number, m in enumerate(messages)}
        # In Brazil the two forms of a number differ: one contact and one sender are one person.
        self._only = contacts[0] if len(contacts) == len(senders) == 1 else None

    def of(self, message: SentMessage) -> Sender:
        """The sender of *message*; what the message says counts more than its contact."""
        contact = self._contact(_own_names(message))
        username = as_written(at(contact, "profile", "username"))
        return Sender(
            names=_names(message, contact),
            name=as_written(at(contact, "profile", "name")),
            username=username and (username.removeprefix("@") or None),
        )

    def _contact(self, own: Names) -> Any:
        for identity in identities(own):
            if identity in self._by_identity:
                return self._by_identity[identity]
        theirs = _names_of_contact(self._only)
        contradicts = USER_ID in own and theirs.get(USER_ID, own[USER_ID]) != own[USER_ID]
        return None if contradicts else self._only


def _names(message: SentMessage, contact: Any) -> Names:
    found = _own_names(message)
    for more in (_names_of_contact(contact), _names_of_own_card(message)):
        found = {**more, **found}
    parents = (message.get("from_parent_user_id"), at(contact, "parent_user_id"))
    return {kind: found[kind] for kind in KINDS if kind in found} or names_among(*parents)


def _own_names(message: Any) -> dict[str, str]:
    return names_among(at(message, "from_user_id"), as_word(at(message, "from")))


def _names_of_contact(contact: Any) -> dict[str, str]:
    return names_among(at(contact, "user_id"), as_word(at(contact, "wa_id")))


def _names_of_own_card(message: SentMessage) -> dict[str, str]:
    """The phone that the sender was asked for and gave; written with blanks or without."""
    cards = as_list(message.get("contacts"))
    own = [card for card in cards if at(card, "origin") == CONTACT_REQUEST]
    phones = [phone for card in own for phone in as_list(at(card, "phones"))]
    # As a number, what a person wrote may have lost a zero at its beginning; an id has none.
    given = [word for p in phones for word in (as_word(at(p, "wa_id")), as_written(at(p, "phone")))]
    written = [_BLANKS.sub("", word) for word in given if word]
    return {kind: name for kind, name in names_among(*written).items() if kind == PHONE}
