"""
What the tests send is never logged: what servers and commands log is searched for it.

Remembered is, of what goes out by `wire` and `load`, and of what attackers send:

- of a body that is JSON every text, and every number that may be a phone number; of a lead that
  is sent in one piece also the names of its members (a provider's are words of its own);
- of any other body the whole of it, and what stands in quotes in it, which is what a body that was
  cut off, or sent in parts or after another one, has of texts;
- the headers in `HEADERS`;
- the secrets that `swiftcrm` and `Store.connect` are given.

Of one body these are the first `MOST`; of what is no JSON, those in its first `LONGEST_BODY` bytes.
Of an address it is what is behind its origin, which a log may say of a page. What a browser or
another program sends is remembered only where its test does so (`remember_body`).

Searched is, as each ends, all that a server of `serving` logged and a command of `swiftcrm` wrote
to stderr, for all that the module of the test has sent till then, however JSON writes it; and for
any API key or e-mail address. Of a text that is shorter than `SHORTEST_PART` only the whole word
counts.
"""

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from domain.api_key import is_well_formed
from domain.lead import RULES

HEADERS = ("idempotency-key", "webhook-id", "svix-id", "framer-webhook-submission-id", "referer")
LEAD_PATH = b"/api/public/lead"
MOST, LONGEST_BODY = 1_000, 64 * 1024
SHORTEST, SHORTEST_PART = 3, 6
"""One or two letters, and parts of words, stand in every log by chance."""
MAY_BE_LOGGED = frozenset(
    {
        *RULES,
        *("fields", "lead_id", "location"),  # what lines of the log have beside these
        *("accept", "calls", "data", "key", "nobody", "odd", "other", "ours", "post", "read"),
        *("revoke", "unknown"),  # words of our sentences, or of the path of a test's store
        *("google", "whatsapp"),  # hosts of pages, and channels
        "/api/public/lead",
    }
)
"""Words that the log says, and that tests send as well."""
NO_SECRETS = ("phone_number_ids",)
_ORIGIN = re.compile(r"https?://[^/?#\s]*")
_IN_QUOTES = re.compile(r'"((?:[^"\\]|\\.)*)')
_PHONE = range(10**6, 10**15)
_KEY = re.compile(r"swk_[A-Za-z0-9]{33}")
_E_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_OURS = re.compile(
    r"\b(?:req|held|prj|key)_[0-9a-f]{16,}(?:\.\d+)?\b"
    r"|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)"
    r'|(?<="duration_ms":)[\d.]+|(?<="lead_id":)\d+'
)
"""What differs from line to line: with it, each line would be a new one to search."""

_sent: set[str] = set()


def forget() -> None:
    """Remember nothing of what was sent so far."""
    _sent.clear()


def remember(text: str) -> None:
    """Remember *text*: a secret, or something that a person wrote."""
    text = _ORIGIN.sub("", text, count=1) if _ORIGIN.match(text) else text
    if len(text) >= SHORTEST and re.search(r"[^\W\d_]|\d{7}", text) and text not in MAY_BE_LOGGED:
        _sent.update((text, *(json.dumps(text, ensure_ascii=it)[1:-1] for it in (True, False))))


def remember_setting(name: str, value: str) -> None:
    """Remember a setting of a channel, if it is a secret, or several."""
    if name not in NO_SECRETS:
        for secret in value.split(","):
            remember(secret.strip())


def remember_request(request: bytes) -> None:
    """Remember what *request* says; it may also be several, or a part of one."""
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    if b" HTTP/" not in first:
        body, lines = request, []
    for line in lines:
        name, _, value = line.decode("latin-1").partition(":")
        if name.lower() in HEADERS:
            remember(value.strip(' \t"'))
    remember_body(body, is_lead=LEAD_PATH in first)


def remember_body(body: bytes, *, is_lead: bool = True) -> None:
    """Remember what *body* says."""
    try:
        texts = _texts(json.loads(body), with_names=is_lead)
    except (ValueError, RecursionError):
        text = body[:LONGEST_BODY].decode(errors="replace")
        texts = iter((text, *_IN_QUOTES.findall(text)))
    for text in islice(texts, MOST):
        remember(text)


def _texts(value: Any, *, with_names: bool) -> Iterator[str]:
    values = [value]
    while values:
        one = values.pop()
        if isinstance(one, dict):
            values += one.values()
            if with_names:
                yield from one
        elif isinstance(one, list):
            values += one
        elif isinstance(one, str):
            yield one
        elif isinstance(one, int) and one in _PHONE:
            yield str(one)


def assert_says_nothing_of_a_person(log: bytes) -> None:
    """No line of *log* holds an API key, an e-mail address, or what was sent."""
    text = _said(log.decode(errors="replace"))
    found = [key for key in _KEY.findall(text) if is_well_formed(key)]
    found += _E_MAIL.findall(text)
    found += [sent for sent in _sent if sent in text and _is_said(sent, text)]
    assert not found, (
        f"the log repeats {found}; if that is a word of ours, let the test send another one,"
        " or add it to MAY_BE_LOGGED"
    )


def _is_said(sent: str, text: str) -> bool:
    if len(sent) >= SHORTEST_PART:
        return True
    return re.search(rf"(?<!\w){re.escape(sent)}(?!\w)", text) is not None


def _said(log: str) -> str:
    """All that *log* says, once: what is JSON as the texts that are in it."""
    said: set[str] = set()
    for line in set(_OURS.sub("0", log).splitlines()):
        try:
            said.update(_texts(json.loads(line), with_names=True))
        except ValueError:
            said.add(line)
    return "\n".join(said)
