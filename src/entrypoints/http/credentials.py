"""The key in a request: `X-Api-Key`, then `Authorization: Bearer` (RFC 6750), then `?api_key=`."""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import parse_qs

from entrypoints.http.request import Request

_BEARER = re.compile(r"bearer(?!\S)", re.IGNORECASE | re.ASCII)
_SECOND_QUESTION_MARK = re.compile(r"(api_key=[A-Za-z0-9_]*)\?")

NO_KEY = ""


def key_of(request: Request) -> str | None:
    """
    The key to judge; None when none was given.

    What is empty is as if it was not sent. The first of the places that has a value then
    counts, right or wrong: a wrong key is not rescued by a right one elsewhere, and two
    different values in one place are a wrong key. Blanks around a key come with pasting.
    """
    plain: Sequence[str] = request.headers.getall("x-api-key", ())
    if len(plain) == 1 and (key := plain[0].strip()):  # as in most
        return key
    for given in _places(request):
        if keys := {stripped for key in given if (stripped := key.strip())}:
            return keys.pop() if len(keys) == 1 else NO_KEY
    return None


def _places(request: Request) -> Iterator[Sequence[str]]:
    """What each place has that may name a key, in their order of precedence."""
    yield request.headers.getall("x-api-key", ())
    # A browser adds the Basic of a staging site to every call.
    sent = request.headers.getall("authorization", ())
    yield [text[scheme.end() :] for text in sent if (scheme := _BEARER.match(text))]
    yield query_of(request).get("api_key", ())


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
