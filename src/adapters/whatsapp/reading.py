"""From a delivery to items, one by one: no odd one spoils its neighbours."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from adapters.channel_tools.sent_json import as_list, at
from adapters.whatsapp.containers import (
    MESSAGES,
    STANDBY,
    Found,
    Misplaced,
    Odd,
    changes_in,
    is_ours,
    may_hold_a_message,
)
from adapters.whatsapp.identity_changes import USER_ID_UPDATE, updates_in
from adapters.whatsapp.json_text import as_word, dump
from adapters.whatsapp.messages import (
    IGNORED,
    Item,
    item_of,
    only_identities,
    unless_it_opens_a_lead,
)
from adapters.whatsapp.senders import Senders
from domain.delivery import Inbound, Reading, Unreadable

NOT_MESSAGES = ("statuses", "errors", "user_actions", "message_echoes")
"""The lists beside the messages, each element of which is acknowledged and makes no lead."""

MOST_ITEMS = 2_000
"""Of one delivery; Meta puts at most 1,000 updates into one, and each takes time and memory."""


def read(payload: dict[str, Any]) -> Reading:
    """
    Every item of the delivery; whatever else it tells of counts as ignored.

    Of one with more items than Meta ever sends, the whole is an unreadable item beside the first.
    """
    if not is_ours(payload):
        return Reading(ignored=1)
    items: list[Inbound | Unreadable] = []
    ignored = 0
    for item in (item for change in changes_in(payload) for item in _read(change)):
        if item is IGNORED:
            ignored += 1
        elif len(items) < MOST_ITEMS:
            items.append(item)
        else:
            items.append(Unreadable(raw=dump(payload)))
            break
    return Reading(items, ignored)


def _read(found: Found) -> Iterable[Item | None]:
    if isinstance(found, Odd):
        return [Unreadable(raw=found.raw)]
    if isinstance(found, Misplaced):
        return map(_of_another_shape, _read_messages(found.value))
    return READERS.get(found.field, _ignore)(found.value)


def _of_another_shape(item: Item | None) -> Item | None:
    """Makes nobody a lead until somebody has looked at it."""
    return unless_it_opens_a_lead(item) if isinstance(item, Inbound) else item


def _ignore(_value: dict[str, Any]) -> Iterator[Item | None]:
    yield IGNORED


def _read_updates(value: dict[str, Any]) -> Iterator[Item | None]:
    return (only_identities(identities, _recipient(value)) for identities in updates_in(value))


def _read_messages(value: dict[str, Any]) -> Iterator[Item | None]:
    """Those of *value*, and those that Meta's Business Agent has answered, a level deeper."""
    recipient, standby = _recipient(value), value.get(STANDBY)
    yield from _messages_in(value, recipient)
    if isinstance(standby, dict):
        yield from _messages_in(standby, recipient)
    elif may_hold_a_message(standby):
        yield Unreadable(raw=dump(standby), recipient=recipient)


def _messages_in(value: dict[str, Any], recipient: str | None) -> Iterator[Item | None]:
    for key in NOT_MESSAGES:
        yield from [IGNORED] * len(as_list(value.get(key)))
    messages, senders = value.get(MESSAGES), Senders(value)
    for message in as_list(messages):
        yield item_of(message, senders, recipient)
    if not isinstance(messages, list) and may_hold_a_message(messages):
        yield Unreadable(raw=dump(messages), recipient=recipient)


READERS: Mapping[str, Callable[[dict[str, Any]], Iterator[Item | None]]] = {
    MESSAGES: _read_messages,
    STANDBY: _read_messages,
    USER_ID_UPDATE: _read_updates,
}
"""How a field is read; each other one, known to us or not, makes no lead."""


def _recipient(value: dict[str, Any]) -> str | None:
    """The number's id; one that is no id is JSON, which nobody lists: it was not left out."""
    found = at(value, "metadata", "phone_number_id")
    return None if found in (None, "") else as_word(found) or dump(found)
