"""The bytes of a delivery: as any program writes JSON, and as Meta does."""

import json
from collections.abc import Callable
from typing import Any

META_ESCAPES = (("/", "\\/"), ("@", "\\u0040"), ("%", "\\u0025"), ("<", "\\u003C"))
"""What Meta escapes beside all that is not ASCII; none of these stands outside of a string."""


def plain(payload: Any) -> bytes:
    """JSON in UTF-8; in ASCII where half an emoji stands in it."""
    try:
        return json.dumps(payload, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return json.dumps(payload).encode()


def as_meta(payload: Any) -> bytes:
    """The wire form: `é` is `\\u00e9`, `/` is `\\/`, `@` is `\\u0040`."""
    text = json.dumps(payload, separators=(",", ":"))
    for character, escaped in META_ESCAPES:
        text = text.replace(character, escaped)
    return text.encode("ascii")


FORMS: dict[str, Callable[[Any], bytes]] = {"plain": plain, "meta": as_meta}
