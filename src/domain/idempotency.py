"""
Idempotency keys: a client's own name for a lead, so that sending it again is harmless.

The header is the one of the IETF draft `draft-ietf-httpapi-idempotency-key-header`;
a bare value is taken as well as the draft's quoted one.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from domain.api_key import digest_of, text_without_keys
from domain.json_value import JsonObject, json_text
from domain.refusals import InvalidIdempotencyKey

_KEY = re.compile(r"[\x20-\x7e]{1,255}", re.ASCII)
_QUOTED = re.compile(r'"(.*)"')
_VERSION = b"\x02"
_EARLIER_FIELDS = frozenset(
    {"name", "email", "phone", "attributes", "source_url", "referrer", "utm", "page_trail"}
)
"""The fields of then: those that are added later were attributes."""


SENDERS_HEADERS = ("webhook-id", "svix-id", "framer-webhook-submission-id")
"""
The headers in which senders that know no Idempotency-Key name a delivery, the same for each try:
Standard Webhooks (https://www.standardwebhooks.com), Svix before it, and Framer's forms.
"""


@dataclass(frozen=True, slots=True)
class Idempotency:
    """
    A key, unique in its project, and what was sent under it.

    Attributes:
        fingerprint: Of the body that it was used for.
        earlier_fingerprint: The same as it was stored before bodies themselves were compared.
    """

    key: str
    fingerprint: bytes
    earlier_fingerprint: bytes | None = None

    def was_used_for(self, fingerprint: bytes) -> bool:
        """Whether the stored *fingerprint* is of the same body."""
        return fingerprint in (self.fingerprint, self.earlier_fingerprint)


def parse_key(header: str) -> str | None:
    """
    The key that *header* carries; None if it is empty.

    Raises:
        InvalidIdempotencyKey: It is too long, or not printable ASCII.
    """
    text = header.strip(" \t")
    quoted = _QUOTED.fullmatch(text)
    key = quoted[1] if quoted else text
    if not key:
        return None
    if _KEY.fullmatch(key) is None:
        raise InvalidIdempotencyKey
    return _without_api_key(key)


def key_of_sender(headers: Mapping[str, str]) -> str | None:
    """
    The key that a sender's own name for a delivery makes, from *headers* of `SENDERS_HEADERS`.

    Each header is a space of its own: no client can write a line end into an Idempotency-Key.
    None where there is no such header, or only an odd one.
    """
    for name in SENDERS_HEADERS:
        if _KEY.fullmatch(headers.get(name, "")):
            return f"{name}\n{_without_api_key(headers[name])}"
    return None


def _without_api_key(name: str) -> str:
    """*name*, or a digest of it where a key of ours is in it: that is never stored."""
    return name if text_without_keys(name) == name else digest_of(name).hex()


def fingerprint_of(body: JsonObject) -> bytes:
    """A digest that two bodies share when they are the same JSON, order and spacing aside."""
    return _VERSION + _digest(body)


def earlier_fingerprint_of(body: JsonObject) -> bytes:
    """
    The digest that was stored for a lead of this *body* before bodies themselves were compared.

    It was one of the fields as they were read then: trimmed, and with unknown ones among the
    attributes. It is a byte shorter than those of today, so that no two of them are ever the same.
    """
    named = {name: value for name, value in body.items() if name in _EARLIER_FIELDS}
    read = {name: v.strip() if isinstance(v, str) else v for name, v in named.items()}
    unknown = {name: value for name, value in body.items() if name not in _EARLIER_FIELDS}
    attributes = read.get("attributes")
    read["attributes"] = {**unknown, **(attributes if isinstance(attributes, Mapping) else {})}
    return _digest({name: value for name, value in read.items() if value})


def _digest(value: JsonObject) -> bytes:
    return hashlib.sha256(json_text(value, canonical=True).encode("ascii")).digest()
