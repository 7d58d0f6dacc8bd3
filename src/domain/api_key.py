"""
Project API keys: `swk_`, 27 random characters, 6 of checksum, all of `[A-Za-z0-9]`.

The random part carries 160 bits; the checksum (CRC-32 in base 62) lets garbage be
refused without asking a database. Only the SHA-256 of an ordinary key is stored:
a random key of this length needs no slow hash.
"""

import hashlib
import re
import secrets
import string
import zlib
from dataclasses import dataclass
from datetime import datetime

_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_PREFIX = "swk_"
_SEED_BYTES = 32
_RANDOM_LENGTH = 27
_CHECKSUM_LENGTH = 6
_LABEL = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{0,100}")
_SHAPE = re.compile(rf"{_PREFIX}[A-Za-z0-9]{{{_RANDOM_LENGTH + _CHECKSUM_LENGTH}}}", re.ASCII)
_PREFIX_BYTES = _PREFIX.encode()
_NUL = rb"(?:\\u0000|\0)*"
_ESCAPE = re.compile(rb"\\u00([0-9A-Fa-f]{2})")
_PERCENT = re.compile(rb"%5[Ff]")
_ESCAPED_LETTER = re.compile(rb"\\u00(?:00|3[0-9]|4[1-9A-Fa-f]|5[0-9AFaf]|6[1-9A-Fa-f]|7[0-9Aa])")
"""Such as no program writes that only means to write JSON."""
_LETTER = rb"(?:[A-Za-z0-9]|\\u00(?:3[0-9]|[46][1-9A-Fa-f]|[57][0-9Aa]))"
_KEY = re.compile(rb"(?P<key>swk_[A-Za-z0-9]{%d})" % (_RANDOM_LENGTH + _CHECKSUM_LENGTH))
_DISGUISED_KEY = re.compile(
    # Of backslashes before an escape two are one of the text; a single one makes it text as well
    rb"(?:(?=s)|(?<!\\)(?:\\\\)*(?=\\u0073))"
    rb"(?P<key>(?:s|\\u0073)%(nul)s(?:w|\\u0077)%(nul)s(?:k|\\u006[Bb])"
    rb"%(nul)s(?:_|\\u005[Ff]|%%5[Ff])"
    rb"(?:%(nul)s%(letter)s){%(length)d})"
    % {b"nul": _NUL, b"letter": _LETTER, b"length": _RANDOM_LENGTH + _CHECKSUM_LENGTH}
)
"""A key as JSON, UTF-16 or a form may write it: with escapes, or NUL, which no store keeps."""
REPLACED = b"[a key was here]"


class InvalidLabel(ValueError):
    """A key cannot be called like this; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """
    What is kept of a key; moments are aware UTC.

    Attributes:
        hint: The last four characters, to tell keys apart by eye.
        channel: The one channel whose webhook the key opens; None for an ordinary key.
        readable: The key itself, kept for a channel's key alone: its URL is shown again and again.
        last_used_at: To the minute.
        for_page: Made to be printed into a page, where everybody can read it.
    """

    key_id: str
    project_id: str
    digest: bytes
    hint: str
    label: str
    created_at: datetime
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None
    channel: str | None = None
    readable: str | None = None
    for_page: bool = False

    def __post_init__(self) -> None:
        if _LABEL.fullmatch(self.label) is None:
            raise InvalidLabel("A key's label has at most 100 characters, all printable.")
        if self.for_page and self.channel is not None:
            raise ValueError("A channel's key is never one for a page.")

    def opens(self, channel: str | None) -> bool:
        """Whether the key opens the door of *channel* (None: the lead path)."""
        return self.obstacle(channel) is None

    def obstacle(self, channel: str | None) -> str | None:
        """Why the key does not open the door of *channel*, as a sentence; None if it does."""
        if self.revoked_at is not None:
            return "The key was revoked."
        if self.for_page and channel is not None:
            return "It is a page's key, and this is a webhook."
        if self.channel not in (None, channel):
            return f"It is the key of the webhook of {self.channel}, and opens nothing else."
        return None


def new_key(seed: bytes | None = None) -> str:
    """
    A key that nobody has; of one *seed* it is always the same.

    Who knows the seed knows the key: a seed is 32 bytes that nobody can guess.
    """
    digest = hashlib.sha256(seed or secrets.token_bytes(_SEED_BYTES)).digest()
    body = _in_base_62(int.from_bytes(digest, "big"), _RANDOM_LENGTH)
    return f"{_PREFIX}{body}{_checksum(body)}"


def has_shape(key: str) -> bool:
    """Whether *key* has the letters and the length of ours; its checksum is not looked at."""
    return _SHAPE.fullmatch(key) is not None


def is_well_formed(key: str) -> bool:
    """Whether *key* could be one of ours; costs no I/O, whatever was sent."""
    if not has_shape(key):
        return False
    body = key[len(_PREFIX) :]
    return _checksum(body[:_RANDOM_LENGTH]) == body[_RANDOM_LENGTH:]


def without_keys(body: bytes) -> bytes:
    """*body* with `REPLACED` in place of every key of ours; most have none, and cost nothing."""
    # First a single letter, which is found at once: hardly any body has it.
    is_percent, is_escape = b"%" in body and b"%5" in body, b"\\" in body
    if is_percent or b"\0" in body or (is_escape and _ESCAPED_LETTER.search(body)):
        return _replaced(body, _DISGUISED_KEY)
    return _replaced(body, _KEY) if _PREFIX_BYTES in body else body


def text_without_keys(text: str) -> str:
    """*text*, as it was read from a body, with `REPLACED` in place of every key of ours."""
    if _PREFIX not in text:
        return text
    return without_keys(text.encode(errors="surrogatepass")).decode(errors="surrogatepass")


def _replaced(body: bytes, shape: re.Pattern[bytes]) -> bytes:
    """*body* without what has this *shape* and is a key."""
    parts, done, at = [], 0, 0
    while found := shape.search(body, at):
        begins, ends = found.span("key")
        if is_well_formed(_plain(found["key"])):
            parts += [body[done:begins], REPLACED]
            done = at = ends
        else:
            at = begins + 1  # a key may begin inside of what only looks like one
    return b"".join((*parts, body[done:]))


def _plain(written: bytes) -> str:
    text = _ESCAPE.sub(lambda it: bytes([int(it[1], 16)]), written)
    text = _PERCENT.sub(b"_", text)
    return text.replace(b"\0", b"").decode("ascii")


def digest_of(key: str) -> bytes:
    """The name under which *key* is looked up."""
    return hashlib.sha256(key.encode("ascii")).digest()


def hint_of(key: str) -> str:
    """What may be shown of a key for ever."""
    return key[-4:]


def _checksum(body: str) -> str:
    return _in_base_62(zlib.crc32(body.encode("ascii")), _CHECKSUM_LENGTH)


def _in_base_62(number: int, length: int) -> str:
    """The last digits of *number*."""
    digits = []
    for _ in range(length):
        number, remainder = divmod(number, len(_ALPHABET))
        digits.append(_ALPHABET[remainder])
    return "".join(reversed(digits))
