"""Who wrote a message: its own ids, and what the contacts beside it tell about them."""

import re
from dataclasses import dataclass
from typing import Any

from adapters.whatsapp.identities import (
    KINDS,
    PHONE,
    USER_ID,
    Names,
    identities,
    names_among,
)
from adapters.whatsapp.json_text import as_text, as_word, at
from domain.lead import Identity
from domain.sent_json import as_list

CONTACT_REQUEST = "contact_request"
"""The origin of a card that the sender was asked for: it holds the sender's own number."""
_COUNTRY_LETTERS = 2
_BLANKS = re.compile(r"[\s().-]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Sender:
    """The person who wrote a message, as far as it tells."""

    names: Names
    name: str | None
    username: str | None

    @property
    def identities(self) -> tuple[Identity, ...]:
        """None for a message of nobody."""
        return identities(self.names)

    @property
    def phone(self) -> str | None:
        """As people write it; not judged, for WhatsApp's own forms fail validators."""
        return f"+{self.names[PHONE]}" if PHONE in self.names else None

    @property
    def country(self) -> str | None:
        """What a user id begins with; without a phone nothing else tells the country."""
        return self.names[USER_ID][:_COUNTRY_LETTERS] if USER_ID in self.names else None


class Senders:
    """The senders of the messages in one change, whose contacts come in any order."""

    def __init__(self, value: dict[str, Any]) -> None:
        contacts = as_list(value.get("contacts"))
        self._by_identity: dict[Identity, Any] = {}
        for contact in contacts:
            for identity in identities(_names_of_contact(contact)):
                self._by_identity.setdefault(identity, contact)
        messages = as_list(value.get("messages"))
        senders = {identities(_own_names(m)) or number for number, m in enumerate(messages)}
        # In Brazil the two forms of a number differ: one contact and one sender are one person.
        self._only = contacts[0] if len(contacts) == len(senders) == 1 else None

    def of(self, message: dict[str, Any]) -> Sender:
        """The sender of *message*; what it tells itself outweighs its contact."""
        contact = self._contact(_own_names(message))
        username = as_text(at(contact, "profile", "username"))
        return Sender(
            names=_names(message, contact),
            name=as_text(at(contact, "profile", "name")),
            username=username and (username.removeprefix("@") or None),
        )

    def _contact(self, own: Names) -> Any:
        for identity in identities(own):
            if identity in self._by_identity:
                return self._by_identity[identity]
        theirs = _names_of_contact(self._only)
        contradicts = USER_ID in own and theirs.get(USER_ID, own[USER_ID]) != own[USER_ID]
        return None if contradicts else self._only


def _names(message: dict[str, Any], contact: Any) -> Names:
    found = _own_names(message)
    for more in (_names_of_contact(contact), _names_of_own_card(message)):
        found = {**more, **found}
    parents = (message.get("from_parent_user_id"), at(contact, "parent_user_id"))
    return {kind: found[kind] for kind in KINDS if kind in found} or names_among(*parents)


def _own_names(message: Any) -> dict[str, str]:
    return names_among(at(message, "from_user_id"), as_word(at(message, "from")))


def _names_of_contact(contact: Any) -> dict[str, str]:
    return names_among(at(contact, "user_id"), as_word(at(contact, "wa_id")))


def _names_of_own_card(message: dict[str, Any]) -> dict[str, str]:
    """The phone that the sender was asked for and gave; written with blanks or without."""
    cards = as_list(message.get("contacts"))
    own = [card for card in cards if at(card, "origin") == CONTACT_REQUEST]
    phones = [phone for card in own for phone in as_list(at(card, "phones"))]
    # As a number, what a person wrote may have lost a zero at its beginning; an id has none.
    given = [word for p in phones for word in (as_word(at(p, "wa_id")), as_text(at(p, "phone")))]
    written = [_BLANKS.sub("", word) for word in given if word]
    return {kind: name for kind, name in names_among(*written).items() if kind == PHONE}
