"""When something last came through a channel."""

from abc import abstractmethod
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from domain.channel import ChannelEvent, Moments


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
