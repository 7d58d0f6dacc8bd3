"""
Meta's signature of a delivery.

`X-Hub-Signature-256: sha256=` and the hexadecimal HMAC-SHA256 of the raw body, keyed with
the app secret. Meta escapes more than any JSON writer does, so only the raw bytes will do.
"""

import hashlib
import hmac
from collections.abc import Sequence

HEADER = "x-hub-signature-256"
_PREFIX = "sha256="


def sign(body: bytes, secret: str) -> str:
    """The header's value."""
    return _PREFIX + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def is_signed(body: bytes, headers: Sequence[str], secrets: Sequence[str]) -> bool:
    """Whether the one header proves that the holder of one of *secrets* sent *body*."""
    if len(headers) != 1:
        return False
    # Header values may hold lone surrogates: compare bytes, never text.
    given = headers[0].encode("utf-8", "surrogatepass").lower()
    return any(hmac.compare_digest(given, sign(body, secret).encode()) for secret in secrets)
