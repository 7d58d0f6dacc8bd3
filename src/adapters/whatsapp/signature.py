"""
Meta's signature of a delivery.

`X-Hub-Signature-256: sha256=` and the hexadecimal HMAC-SHA256 of the raw body, keyed with
the app secret. Meta escapes more than any JSON writer does, so only the raw bytes will do.
"""

import hashlib
import hmac
import re
from collections.abc import Sequence

from adapters.channel_tools.shared_secrets import is_one_of

HEADER = "x-hub-signature-256"
_PREFIX = "sha256="
_SHAPE = re.compile(r"sha256=[0-9a-f]{64}", re.ASCII | re.IGNORECASE)


def sign(body: bytes, secret: str) -> str:
    """The header's value."""
    return _PREFIX + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def may_be_one(headers: Sequence[str]) -> bool:
    """Whether there is one header, and it looks like a signature."""
    return len(headers) == 1 and _SHAPE.fullmatch(headers[0]) is not None


def is_signed(body: bytes, headers: Sequence[str], secrets: Sequence[str]) -> bool:
    """Whether the one header proves that the holder of one of *secrets* sent *body*."""
    if not may_be_one(headers):
        return False
    given = headers[0].lower().encode()
    return is_one_of(given, (sign(body, secret) for secret in secrets))
