"""
What browsers carry: tokens of sessions and visitors, and of links.

Only the digest of a token is stored. A random token of this length needs no slow hash.
"""

import base64
import hashlib
import hmac
import json
import re
import secrets

_BYTES = 32
_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


def new_token() -> str:
    """256 random bits, as 43 characters that are safe in a URL and in a cookie."""
    return secrets.token_urlsafe(_BYTES)


def is_token(text: str) -> bool:
    """Whether *text* could be one of ours: garbage is refused without asking the store."""
    return _SHAPE.fullmatch(text) is not None


def digest_of(token: str) -> bytes:
    """The name under which *token* is looked up (SHA-256)."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def form_token(token: str) -> str:
    """
    What the forms carry that are shown to whoever has *token*, a session's or a visitor's.

    A page of another site can make a browser send its cookie, and cannot read what is in a form.
    Nobody can find *token* out from it. Compare it in constant time (`hmac.compare_digest`).
    """
    made = _signed(token, "a form of the console")
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode("ascii")


def seed_of(token: str, *said: str) -> bytes:
    """
    What to make a secret of, so that who has *token* and says the same again gets the same secret.

    Nobody else can find it out from what was *said*.
    """
    return _signed(token, json.dumps(["a secret of the console", *said]))


def _signed(token: str, text: str) -> bytes:
    key = token.encode("utf-8", "surrogatepass")
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
