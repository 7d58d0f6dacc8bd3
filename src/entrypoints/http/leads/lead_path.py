"""
The path of leads: how programs write it, and how they name it as the page that they come from.

Where addresses are joined there are slashes too many, or letters are encoded. Of this path alone
all spellings are taken, for a lead would be lost: every other path is what it says.
"""

import re
from urllib.parse import SplitResult, urlsplit

LEAD_PATH = "/api/public/lead"
LEAD_TARGET = LEAD_PATH.encode()
"""What nearly all leads are posted to."""
_SEGMENTS = (
    b"".join(b"(?:%c|%%(?i:%02x))" % (letter, letter) for letter in segment)
    for segment in LEAD_TARGET.strip(b"/").split(b"/")
)
_SPELLING = re.compile(b"/+" + b"/+".join(_SEGMENTS) + b"/*")


def canonical_target(target: bytes) -> bytes:
    """The *target* of a request, with the lead path as we write it, if it is that."""
    path, mark, query = target.partition(b"?")
    if path == LEAD_TARGET or _SPELLING.fullmatch(path) is None:
        return target
    return LEAD_TARGET + mark + query


class OwnAddress:
    """
    Tells a `Referer` that names what is called from one that names a page.

    WordPress up to 6.1 sends the address of its target with every call. Its host is that of the
    call, or of the public address where a proxy has replaced it. A program may make both up, and
    gains nothing: it is let in with no Referer at all. A browser lets no page choose either.
    """

    def __init__(self, public_url: str) -> None:
        public = urlsplit(public_url)
        self._host = public.hostname
        self._folder = public.path.rstrip("/")

    def is_referer(self, referer: str, host: str) -> bool:
        """Whether *referer* is the lead path at *host*, as a Host header has it, or in public."""
        named, called = _split(referer), _split(f"//{host}")
        if named is None or called is None:
            return False
        if named.scheme not in ("http", "https") or not named.hostname:
            return False
        if named.hostname == called.hostname and _is_lead_path(named.path):
            return True
        path = named.path.removeprefix(self._folder)
        return named.hostname == self._host and _is_lead_path(path)


def _is_lead_path(path: str) -> bool:
    return _SPELLING.fullmatch(path.encode(errors="replace")) is not None


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:
        return None
