"""The other side of a channel, as its contract needs it: what the real sender would send."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from application.ports.channel_register import SettingValues
from application.ports.lead_channel import Delivery
from tests.contracts.json_values import json_bytes


@dataclass(frozen=True)
class Challenge:
    """A right challenge, the settings it is right for, and the answer."""

    query: Mapping[str, str]
    settings: SettingValues
    answer: str


class Sender(ABC):
    """
    Makes deliveries of one channel.

    Attributes:
        signature_header: The lower-case name of the header that carries the signature.
        secrets: Three secrets that a project may have.
    """

    signature_header: str
    secrets: tuple[str, str, str]

    @abstractmethod
    def settings(self, *secrets: str) -> SettingValues:
        """The settings of a project that expects signatures by one of *secrets*."""

    @abstractmethod
    def signature(self, body: bytes, secret: str) -> str:
        """The right value of the header."""

    @abstractmethod
    def payload(self, *items: Any) -> dict[str, Any]:
        """A delivery's JSON with these items."""

    @abstractmethod
    def item(self, number: int) -> dict[str, Any]:
        """A message of a person, both unlike those of other numbers."""

    def delivery(self, *items: Any) -> Delivery:
        return self.unsigned(json_bytes(self.payload(*items)))

    def unsigned(self, body: bytes) -> Delivery:
        return Delivery(body, {})

    def signed(self, body: bytes, *signatures: str) -> Delivery:
        return Delivery(body, {self.signature_header: signatures})
