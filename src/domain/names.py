"""Names that people give to something, and type again to mean it."""

from collections.abc import Iterable
from difflib import get_close_matches

MOST_SUGGESTIONS = 3


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
