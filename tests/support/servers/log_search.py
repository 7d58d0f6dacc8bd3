"""
What the tests send is never logged: after each server its whole log is searched for it.

Remembered are the texts of all leads and deliveries, as they go out over a socket, and the secrets
that commands are given. `MAY_BE_LOGGED` has those that say nothing of a person.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from domain.api_key import is_well_formed

SHORTEST = 6
"""Shorter texts stand in every log by chance."""
MAY_BE_LOGGED = re.compile(r"https?://.*|null|[a-z_]+(\.[a-z_]+)*|[A-Z_]+|v\d+\.\d+", re.ASCII)
"""Addresses of pages, and words that are names of ours: fields, channels, codes."""
_KEY = re.compile(r"swk_[A-Za-z0-9]{33}")
_E_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")

_sent: set[str] = set()


def remember(text: str) -> None:
    """Remember *text*: a secret, or something that a person wrote."""
    if len(text) >= SHORTEST and not MAY_BE_LOGGED.fullmatch(text):
        _sent.add(text)


def remember_request(request: bytes) -> None:
    """Remember every text of the body of *request*, if it is JSON."""
    _, _, body = request.partition(b"\r\n\r\n")
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return
    for text in _texts(found):
        remember(text)


def _texts(value: Any) -> Iterator[str]:
    values = [value]
    while values:
        one = values.pop()
        if isinstance(one, dict):
            values += one.values()
        elif isinstance(one, list):
            values += one
        elif isinstance(one, str):
            yield one


def assert_says_nothing_of_a_person(log: bytes) -> None:
    """No line of *log* holds an API key, an e-mail address, or a text that was sent."""
    text = log.decode(errors="replace")
    found = [key for key in _KEY.findall(text) if is_well_formed(key)]
    found += _E_MAIL.findall(text)
    found += [sent for sent in _sent if sent in text or json.dumps(sent)[1:-1] in text]
    assert not found, f"the log repeats {found}"
