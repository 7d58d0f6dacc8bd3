"""
What a person wrote, by the type of the message.

https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components#messages-object
"""

from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any, cast

from adapters.channel_tools.sent_json import as_dict, as_list, as_word, as_written, at, dump
from adapters.whatsapp.payload import SentMessage

UNKNOWN = "unknown"
MOST_CARDS, MOST_NUMBERS = 100, 10
"""Of one message, and on one card, that its text names; people share a few."""
LONGEST_ANSWER = 64 * 1024
"""Characters; text that was JSON takes more room each time that it is written as JSON again."""

Path = tuple[str, ...]
TextOf = Callable[[Any], str | None]


def _first(*paths: Path) -> TextOf:
    """The first text at one of *paths*."""
    return lambda body: next(
        (text for path in paths if (text := as_written(at(body, *path)))), None
    )


def _lines(*paths: Path) -> TextOf:
    """Every text at *paths*, a line each."""
    return lambda body: "\n".join(filter(None, (as_written(at(body, *p)) for p in paths))) or None


_NAME = _first(("formatted_name",), ("first_name",), ("last_name",))


def _cards(cards: Any) -> str | None:
    """The name on each card; a card without one is known by its numbers."""
    shown = islice(as_list(cards), MOST_CARDS)
    names = (_NAME(at(card, "name")) or _numbers_on(card) for card in shown)
    return ", ".join(filter(None, names)) or None


def _numbers_on(card: Any) -> str | None:
    phones = islice(as_list(at(card, "phones")), MOST_NUMBERS)
    numbers = (as_word(at(p, "phone")) or as_word(at(p, "wa_id")) for p in phones)
    return ", ".join(filter(None, numbers)) or None


def _answered(reply: Any) -> str | None:
    """What was entered in a flow: JSON as text, which a forwarder may have parsed already."""
    answer = at(reply, "nfm_reply", "response_json")
    if not answer or not isinstance(answer, dict | list):
        return None
    return dump(answer)[:LONGEST_ANSWER]


def _product(reply: Any) -> str | None:
    return as_word(at(reply, "product", "product_retailer_id"))


_CHOSEN = _first(
    ("button_reply", "title"),
    ("list_reply", "title"),
    ("nfm_reply", "response_json"),
    ("nfm_reply", "body"),
    ("call_permission_reply", "response"),
    ("product", "title"),
    ("product", "name"),
)


def _edited(edit: Any) -> str | None:
    message = cast("SentMessage", as_dict(at(edit, "message")))
    # An edit of an edit is none that Meta knows, and would have no end.
    return None if as_written(message.get("type")) == "edit" else text_of(message)


TEXTS: Mapping[str, TextOf] = {
    "text": _first(("body",)),
    "image": _first(("caption",)),
    "video": _first(("caption",)),
    "document": _first(("caption",), ("filename",)),
    "location": _lines(("name",), ("address",)),
    "contacts": _cards,
    "interactive": lambda reply: _answered(reply) or _CHOSEN(reply) or _product(reply),
    "button": _first(("text",), ("payload",)),
    "order": _first(("text",)),
    "edit": _edited,
}
"""How to get the text from the part of the message that is named after its type."""

_ANY_TYPE = _first(("body",), ("caption",), ("text",), ("title",))
"""Where most types have it: for those that come without notice."""


def type_of(message: SentMessage) -> str:
    """The message's type as Meta calls it."""
    return as_written(message.get("type")) or UNKNOWN


def text_of(message: SentMessage) -> str | None:
    """What the person wrote, chose or called the thing that was sent; None if nothing."""
    kind = type_of(message)
    written = TEXTS.get(kind, _ANY_TYPE)(message.get(kind))
    return written or as_written(at(message, "text", "body"))
