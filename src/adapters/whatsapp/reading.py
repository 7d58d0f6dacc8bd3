"""From a delivery to items, one by one: no odd one spoils its neighbours."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, cast

from adapters.channel_tools.sent_json import as_list, as_word, at, dump
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
from adapters.whatsapp.messages import (
    IGNORED,
    Item,
    item_of,
    only_identities,
    unless_it_opens_a_lead,
)
from adapters.whatsapp.payload import SentMessages, SentValue
from adapters.whatsapp.senders import Senders
from domain.delivery import Inbound, Reading, Unreadable

NOT_MESSAGES = ("statuses", "errors", "user_actions", "message_echoes")
"""The lists beside the messages, each element of which is acknowledged and makes no lead."""

MOST_ITEMS = 2_000
"""Of one delivery; Meta puts at most 1,000 updates into one, and each takes time and memory."""


def read(payload: dict[str, Any]) -> Reading:
    """
    Every item of the delivery; whatever else is in it counts as ignored.

    If there are more items than Meta ever sends, the first are read, and the whole delivery is one
    more item, unreadable.
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
    """*item*, held if it would make a lead: somebody is to look at a shape that is not Meta's."""
    return unless_it_opens_a_lead(item) if isinstance(item, Inbound) else item


def _ignore(_value: SentValue) -> Iterator[Item | None]:
    yield IGNORED


def _read_updates(value: SentValue) -> Iterator[Item | None]:
    return (only_identities(identities, _recipient(value)) for identities in updates_in(value))


def _read_messages(value: SentValue) -> Iterator[Item | None]:
    """Those of *value*, and those that Meta's Business Agent has answered, a level deeper."""
    recipient, standby = _recipient(value), value.get(STANDBY)
    yield from _messages_in(value, recipient)
    if isinstance(standby, dict):
        yield from _messages_in(cast("SentMessages", standby), recipient)
    elif may_hold_a_message(standby):
        yield Unreadable(raw=dump(standby), recipient=recipient)


def _messages_in(value: SentMessages, recipient: str | None) -> Iterator[Item | None]:
    for key in NOT_MESSAGES:
        yield from [IGNORED] * len(as_list(value.get(key)))
    messages, senders = value.get(MESSAGES), Senders(value)
    for message in as_list(messages):
        yield item_of(message, senders, recipient)
    if not isinstance(messages, list) and may_hold_a_message(messages):
        yield Unreadable(raw=dump(messages), recipient=recipient)


READERS: Mapping[str, Callable[[SentValue], Iterator[Item | None]]] = {
    MESSAGES: _read_messages,
    STANDBY: _read_messages,
    USER_ID_UPDATE: _read_updates,
}
"""How a field is read; each other one, known to us or not, makes no lead."""


def _recipient(value: SentValue) -> str | None:
    """
    The id of the number that it was sent to; None if it is left out.

    Something else in its place becomes JSON text, which no project can list: so the item is held.
    """
    found = at(value, "metadata", "phone_number_id")
    return None if found in (None, "") else as_word(found) or dump(found)
