"""
What a cell may hold, so that no spreadsheet runs what a stranger wrote as a formula.

https://owasp.org/www-community/attacks/CSV_Injection says which signs begin a formula, and that
quoting the cells is not enough. A spreadsheet finds more cells than we wrote: where its list
separator is `;`, it takes the quotes of a row's first cell alone for quotes. It splits what is
behind that at every `;`, and begins a row at every line end. Then the text `Hello;=1+1` ends in
a cell `=1+1`. So a sign is no less dangerous behind a `;` or a line end than at the beginning.
Blanks, invisible characters, quotes and apostrophes before the sign change nothing: an importer
may drop them. A tab separates cells too; it becomes a blank.
"""

import re

from domain.json_value import JsonValue
from entrypoints.exports.json_text import UNPRINTABLE, json_text

LINE_ENDS = "\n\r\u2028\u2029"
_BLANKS = " \u00a0\u1680\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff"
_SIGNS = "=+@\uff1d\uff0b\uff0d\uff20-"
_FORMULA = re.compile(rf"""((?:\A|[;{LINE_ENDS}])[{_BLANKS}"']*)([{_SIGNS}])""")
_PHONE = re.compile(r"\+[0-9 ().-]{4,}")
_STAYS = {"\n": "\n", "\r": "\r", "\t": " "}
"""What becomes of the unprintable characters that do not simply go."""


def cell(value: JsonValue) -> str:
    """*value* for a cell: a text as it is, but guarded; anything else as JSON; null is empty."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _FORMULA.sub(r"\1'\2", printable(value))
    if isinstance(value, int | float):
        return json_text(value)  # -5 is a number and no formula
    # In JSON the sign is escaped: who reads it as JSON gets what was sent. Behind a `;` it is
    # always in a string, since behind the quote that ends one stands a `:`, `,`, `]` or `}`.
    return _FORMULA.sub(_escaped, json_text(value))


def phone_cell(number: str | None) -> str:
    """As `cell`, but a phone number keeps its leading +: digits and punctuation call nothing."""
    text = printable(number or "")
    return text if _PHONE.fullmatch(text) else cell(number)


def printable(text: str) -> str:
    """*text* without control characters and those that turn its direction; a tab is a blank."""
    return UNPRINTABLE.sub(lambda found: _STAYS.get(found[0], ""), text)


def _escaped(found: re.Match[str]) -> str:
    return f"{found[1]}\\u{ord(found[2]):04x}"
