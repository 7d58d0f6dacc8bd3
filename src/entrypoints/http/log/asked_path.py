"""
What was asked for where nothing is: mostly an address of ours, with a slip in it.

A path may hold anything, a person's address or number too, and anybody may send thousands. So a
long one is not looked at, and one of ours is named in its place. Theirs is named as well if it is
ours but for a few characters, too few to say who somebody is; what it leaves out says nothing.
"""

import re
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher, get_close_matches
from functools import cache

LONGEST = 64
MOST_ADDED = 3
"""So many characters of theirs may be none of ours: a plural, a slash, a `v1/`."""
ALIKE = 0.8
"""Words are taken for one another from here on: `lead` and `leads`, `whatsapp` and `whats-app`."""

NOT_ON = "No channel of this name is switched on."

_WORD = re.compile(r"[a-z_-]+")
_MAY_BE_LEFT_OUT = frozenset({"api", "public"})
_WEBHOOK = re.compile(r"/api/(?P<channel>[a-z_]{1,31})/webhook", re.ASCII)
"""Without digits: what stands for a channel may be a telephone number."""


class OurPaths:
    """The paths of all routes."""

    def __init__(self, paths: Iterable[str]) -> None:
        words = {p: [w for w in _words(p) if w not in _MAY_BE_LEFT_OUT] for p in paths}
        # The one with the most words first, for two of them are less easily there by chance.
        self._words = dict(sorted(words.items(), key=lambda item: -len(item[1])))

    def logged_members(self, asked: str) -> Mapping[str, str | None]:
        """
        What the line of a call without a route says.

        Returns:
            `path`: what was asked for, or None if it may hold anything. `meant`: the path of ours
            that it probably should be. `channel` and `cause`: that this channel is not switched on.
        """
        if len(asked) > LONGEST or not asked.isascii():
            return {"path": None}
        if asked in self._words:  # with a method that it does not know
            return {"path": asked}
        meant = self._meant(asked.lower())
        if meant is not None:
            is_close = _added(meant, asked.lower()) <= MOST_ADDED
            return {"path": asked if is_close else None, "meant": meant}
        if webhook := _WEBHOOK.fullmatch(asked):
            return {"path": asked, "channel": webhook["channel"], "cause": NOT_ON}
        return {"path": None}

    def _meant(self, asked: str) -> str | None:
        """The path all of whose words are there, or nearly, in any order and among any others."""
        theirs = _words(asked)

        @cache  # many paths begin with the same word, and nearly all that are asked for do not
        def is_there(word: str) -> bool:
            return bool(get_close_matches(word, theirs, 1, ALIKE))

        for path, ours in self._words.items():
            if ours and all(map(is_there, ours)):
                return path
        return None


def _words(path: str) -> list[str]:
    """Each once, in their order."""
    return list(dict.fromkeys(_WORD.findall(path)))


def _added(ours: str, theirs: str) -> int:
    """How many characters of *theirs* are not in *ours*, in this order."""
    blocks = SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks()
    return len(theirs) - sum(block.size for block in blocks)
