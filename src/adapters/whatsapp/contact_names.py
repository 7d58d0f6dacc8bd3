"""Who is called what: the contacts of a change."""

from typing import Any

from adapters.whatsapp.json_text import as_dict, as_list, as_text

SAME_ID = (("from_user_id", "user_id"), ("from", "wa_id"))
"""What a message calls its sender, and what a contact calls the same id."""


class Names:
    """The profile names in one change, by the ids of the contacts: they come in any order."""

    def __init__(self, value: dict[str, Any]) -> None:
        contacts = [c for c in as_list(value.get("contacts")) if isinstance(c, dict)]
        self._by_id: dict[tuple[str, str], str | None] = {}
        for contact in contacts:
            name = as_text(as_dict(contact.get("profile")).get("name"))
            for ours, theirs in SAME_ID:
                if (identifier := as_text(contact.get(theirs))) is not None:
                    self._by_id.setdefault((ours, identifier), name)
        # In Brazil the two forms of a number differ: one contact and one sender are one person.
        alone = len(contacts) == len(as_list(value.get("messages"))) == 1
        self._only = as_text(as_dict(contacts[0].get("profile")).get("name")) if alone else None

    def of(self, message: dict[str, Any]) -> str | None:
        """The name of the sender of *message*, None if nobody tells it."""
        for ours, _ in SAME_ID:
            key = (ours, as_text(message.get(ours)) or "")
            if key in self._by_id:
                return self._by_id[key]
        return self._only
