"""Names that people give to something, and type again to mean it."""

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

MOST_SUGGESTIONS = 3
SHORTEST_BEGINNING = 3
"""So many letters of a name are taken for its beginning."""
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff9-\ufffb]"
)
"""
What turns the direction of text, and what nobody sees: with it a name reads as another one.

Joiners (U+200C, U+200D), variation selectors and tags are not among them: Persian, Hindi, emoji
and flags need them.
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
    begun, by_folded = folded(typed), dict[str, list[str]]()
    for name in known:
        by_folded.setdefault(folded(name), []).append(name)
    alike = get_close_matches(begun, by_folded, MOST_SUGGESTIONS)
    if len(begun) >= SHORTEST_BEGINNING:
        alike += [name for name in by_folded if name.startswith(begun) and name not in alike]
    names = [repr(name) for one in alike for name in by_folded[one]][:MOST_SUGGESTIONS]
    if not names:
        return ""
    *others, last = names
    return f" Did you mean {', '.join(others)}{' or ' if others else ''}{last}?"
