"""Names that people give to something, and type again to mean it."""

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

MOST_SUGGESTIONS = 3
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
"""
What turns the direction of text, and what nobody sees: with it a name reads as another one.

The joiners U+200C and U+200D are not among them: Persian, Hindi and emoji need them.
"""


def invisible_in(name: str) -> str:
    """The first character of *name* that nobody sees, by number and name; empty for none."""
    found = _INVISIBLE.search(name)
    if found is None:
        return ""
    return f"U+{ord(found[0]):04X} {unicodedata.name(found[0], '')}".rstrip()


def folded(name: str) -> str:
    """*name* without what people do not mind when they type it: the case, and blanks around it."""
    return name.strip().casefold()


def did_you_mean(typed: str, known: Iterable[str]) -> str:
    """A sentence with a blank before it, which asks for up to three alike names; empty for none."""
    by_folded = {folded(name): name for name in known}
    alike = get_close_matches(folded(typed), by_folded, MOST_SUGGESTIONS)
    if not alike:
        return ""
    *others, last = (repr(by_folded[name]) for name in alike)
    return f" Did you mean {', '.join(others)}{' or ' if others else ''}{last}?"
