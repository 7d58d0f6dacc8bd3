"""The key in a request: `X-Api-Key`, then `Authorization: Bearer` (RFC 6750), then `?api_key=`."""

import re
from collections.abc import Sequence
from urllib.parse import parse_qs

from entrypoints.http.request import Request

_BEARER = re.compile(r"bearer +([!-~]+)", re.IGNORECASE | re.ASCII)
_SECOND_QUESTION_MARK = re.compile(r"(api_key=[A-Za-z0-9_]*)\?")

NO_KEY = ""


def key_of(request: Request) -> str | None:
    """
    The key to judge; None when none was given.

    What is given first in the order of precedence counts, right or wrong: a wrong key is
    not rescued by a right one elsewhere, and two different values are a wrong key.
    """
    if given := request.headers.getall("x-api-key", ()):
        return _only(given).strip(" \t")
    if given := request.headers.getall("authorization", ()):
        match = _BEARER.fullmatch(_only(given).strip(" \t"))
        return match[1] if match else NO_KEY
    if given := query_of(request).get("api_key", ()):
        return _only(given)
    return None


def query_of(request: Request) -> dict[str, list[str]]:
    """
    The query's parameters, each with all its values, empty ones included.

    A sender that appends its own query to a URL which has one already may write a second
    `?`; after the key it is read as the `&` that was meant.
    """
    text = request.query_string
    if not text:
        return {}
    return parse_qs(
        _SECOND_QUESTION_MARK.sub(r"\1&", text),
        keep_blank_values=True,
        errors="replace",
        max_num_fields=None,
    )


def _only(values: Sequence[str]) -> str:
    """The value, if it is always the same one."""
    return values[0] if len(set(values)) == 1 else NO_KEY
