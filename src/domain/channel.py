"""What a project may set for a channel, and what can come through it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto

from domain.delivery import LONGEST_RECIPIENT

VISIBLE = r"[!-~]{1,500}"
VISIBLE_WITHOUT_COMMA = r"[!-+\--~]{1,500}"


class Misfit(StrEnum):
    """Why a setting cannot have the values that somebody wants to give it."""

    TOO_MANY = auto()
    TOO_LONG = auto()
    """One of them is no address that an item can have been sent to."""
    NOT_TAKEN = auto()
    """One of them is not what the setting's help says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSetting:
    """
    One thing that a project may set for a channel.

    Attributes:
        name: What whoever sets it calls it, and the store; a lower-case letter, then up to 50 of
            `a-z`, `0-9` and `_`.
        help: One line for the person who sets it.
        at_most: How many values it may have at one time; a secret needs 2, for its rotation, and
            has the newer one first.
        pattern: A regular expression that each whole value must match. None: 1 to 500 visible
            ASCII characters, and no comma among them where there may be several values.
        secret: Stored encrypted and never shown again.
        generated: A random value is made when the project has none.
        warning_when_unset: What it means that the project has none, said loudly at every look:
            deliveries can be forged, or are all refused. Empty: nothing worth saying.
        recipients: Its values are this project's addresses in the channel (phone numbers):
            an item whose `recipient` another project lists belongs to that one.
    """

    name: str
    help: str
    at_most: int = 1
    pattern: str | None = None
    secret: bool = False
    generated: bool = False
    warning_when_unset: str = ""
    recipients: bool = False

    def takes(self, value: str) -> bool:
        """
        Whether it may have this value; what is stored is not asked again.

        Raises:
            re.error: *pattern* is not a regular expression.
        """
        pattern = self.pattern
        if pattern is None:  # several values are given in one text, with commas between them
            pattern = VISIBLE if self.at_most == 1 else VISIBLE_WITHOUT_COMMA
        return re.fullmatch(pattern, value, re.ASCII) is not None

    def misfit(self, values: Sequence[str]) -> Misfit | None:
        """
        Why it cannot have all of *values*; None if it can.

        Raises:
            re.error: As `takes`.
        """
        if len(values) > self.at_most:
            return Misfit.TOO_MANY
        if self.recipients and any(len(value) > LONGEST_RECIPIENT for value in values):
            return Misfit.TOO_LONG
        return None if all(map(self.takes, values)) else Misfit.NOT_TAKEN


SettingValues = Mapping[str, Sequence[str]]
"""Each setting's values by name; one that has none is not there."""


class ChannelEvent(StrEnum):
    """What can come through a channel."""

    CHALLENGE = "last_challenge_at"
    """A subscription challenge that was answered."""
    DELIVERY = "last_delivery_at"
    """An authentic delivery."""
    ITEM = "last_item_at"
    """An authentic delivery in which not all was ignored, or test data."""
    BAD_SIGNATURE = "last_bad_signature_at"
    """A delivery that was not proven to be the sender's."""


Moments = Mapping[tuple[str, str, ChannelEvent], datetime]
"""By project id, channel and event; aware UTC."""
