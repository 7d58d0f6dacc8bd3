"""
Idempotency keys: a client's own name for a lead, so that sending it again is harmless.

The header is the one of the IETF draft `draft-ietf-httpapi-idempotency-key-header`;
a bare value is taken as well as the draft's quoted one.
"""

import hashlib
import json
import re
from dataclasses import dataclass

from domain.lead import LeadDetails
from domain.refusals import InvalidIdempotencyKey

_KEY = re.compile(r"[\x20-\x7e]{1,255}", re.ASCII)
_QUOTED = re.compile(r'"(.*)"')


@dataclass(frozen=True, slots=True)
class Idempotency:
    """A key, unique in its project, and the fingerprint of the lead it was used for."""

    key: str
    fingerprint: bytes


def parse_key(header: str) -> str:
    """
    The key that *header* carries.

    Raises:
        InvalidIdempotencyKey: It is empty, too long, or not printable ASCII.
    """
    text = header.strip(" \t")
    quoted = _QUOTED.fullmatch(text)
    key = quoted[1] if quoted else text
    if _KEY.fullmatch(key) is None:
        raise InvalidIdempotencyKey
    return key


def fingerprint_of(details: LeadDetails) -> bytes:
    """A digest that two leads share when they are the same after normalising."""
    text = json.dumps(details.present(), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).digest()
