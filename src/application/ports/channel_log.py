"""When something last came through a channel."""

from abc import abstractmethod
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Protocol


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


class ChannelLog(Protocol):
    """
    The last moment of each event, per project and channel.

    Any method may raise `StorageUnavailable`; the caller may call again.
    """

    @abstractmethod
    async def mark(self, moments: Moments) -> None:
        """Note when events happened last; a later moment that is kept already stays."""

    @abstractmethod
    async def last(self, project_id: str, channel: str) -> Mapping[ChannelEvent, datetime]:
        """The last moment of each event that ever happened."""
