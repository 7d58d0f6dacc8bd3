"""
A person has got another phone or another user id: the old names and the new are one person's.

A system message says so, or the field `user_id_update`. One that does not parse is ignored.
(https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components#messages-object)
"""

import re
from collections.abc import Iterator
from typing import Any

from adapters.channel_tools.sent_json import as_list, as_word, as_written, at
from adapters.whatsapp.payload import SentMessage, SentValue
from adapters.whatsapp.senders import all_identities
from domain.identity import Identity

SYSTEM = "system"
USER_ID_UPDATE = "user_id_update"

CHANGES = frozenset({"user_changed_number", "customer_changed_number", "user_changed_user_id"})
"""The types of system messages that say so; `customer_identity_changed` is not one of them."""

_OLD = ("customer", "previous_user_id", "previous_parent_user_id")
_NEW = ("user_id", "parent_user_id", "new_wa_id", "wa_id")
"""The keys of a system message that hold names; `from` is the old phone."""
_PHONES = frozenset({"customer", "from", "new_wa_id", "wa_id"})
"""Those in which a phone may come as a number; a number for a user id is a provider's own."""
_PAIRS = ("user_id", "parent_user_id")
_OLD_AND_NEW = re.compile(r" changed from (\S+) to (\S+)\s*\Z")
"""The end of the body: before it stands the profile's name, which the user chose."""
_TWO = 2


def changed_in_system_message(message: SentMessage) -> tuple[Identity, ...]:
    """The names that a system message says are one person's, the old first; none if only one."""
    system = message.get(SYSTEM)
    if as_written(at(system, "type")) not in CHANGES:
        return ()
    old = [*_values(message, "from_user_id", "from"), *_values(system, *_OLD)]
    return _at_least_two([*old, *_in_body(system), *_values(system, *_NEW)])


def changed_in_update(update: Any) -> tuple[Identity, ...]:
    """The names that an element of `user_id_update` says are one person's; none if only one."""
    for pair in _PAIRS:
        ids = _values(at(update, pair), "previous", "current")
        if old_and_new := _at_least_two([*ids, *_values(update, "wa_id")]):
            return old_and_new
    return ()


def updates_in(value: SentValue) -> Iterator[tuple[Identity, ...]]:
    """For each element of the field `user_id_update`, the names that it says are one person's."""
    return map(changed_in_update, as_list(value.get(USER_ID_UPDATE)))


def _values(holder: Any, *keys: str) -> list[Any]:
    return [as_word(at(holder, k)) if k in _PHONES else at(holder, k) for k in keys]


def _in_body(system: Any) -> tuple[str, ...]:
    """The old and the new name: before August 2026 an old user id stood nowhere else."""
    found = _OLD_AND_NEW.search(as_written(at(system, "body")) or "")
    if found is None:
        return ()
    old, new = found.groups()
    return (old, new) if new == (at(system, "user_id") or new) else ()


def _at_least_two(candidates: list[Any]) -> tuple[Identity, ...]:
    old_and_new = all_identities(candidates)
    return old_and_new if len(old_and_new) >= _TWO else ()
