"""
The path of leads, and how programs write it.

Where addresses are joined there are slashes too many, or letters are encoded. Of this path alone
all spellings are taken, for a lead would be lost: every other path is what it says.
"""

import re

LEAD_PATH = "/api/public/lead"
_PATH = LEAD_PATH.encode()
_SEGMENTS = (
    b"".join(b"(?:%c|%%(?i:%02x))" % (letter, letter) for letter in segment)
    for segment in _PATH.strip(b"/").split(b"/")
)
_SPELLING = re.compile(b"/+" + b"/+".join(_SEGMENTS) + b"/*")


def canonical_target(target: bytes) -> bytes:
    """The *target* of a request, with the lead path as we write it, if it is that."""
    path, mark, query = target.partition(b"?")
    if path == _PATH or _SPELLING.fullmatch(path) is None:
        return target
    return _PATH + mark + query
