"""The other side of a channel, as its contract needs it: what the real sender would send."""

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.channel import SettingValues
from domain.delivery import Delivery
from entrypoints.channel_contract.json_values import json_bytes


@dataclass(frozen=True)
class Challenge:
    """A right challenge, the settings it is right for, and the answer."""

    query: Mapping[str, str]
    settings: SettingValues
    answer: str


class Sender(ABC):
    """
    Makes deliveries of one channel; a signature is whatever proves who sent one.

    As it is, for a sender that signs each body and puts the signature into a header. One that
    puts it elsewhere, or sends more headers with it, overrides `signed`. One that signs the time
    takes it in its constructor, and makes `recorded` there with `openssl_hmac`. One that proves
    nothing leaves `secrets`, `settings` and `signature` out.

    Attributes:
        signature_header: The lower-case name of the header that carries the signature.
        secrets: Three secrets that a project may have, of different values.
        recorded: A delivery that was signed with the first of *secrets* elsewhere: by the sender,
            or with openssl. Without it, a wrong idea of how it signs would prove itself.
    """

    signature_header: str = ""
    secrets: tuple[str, ...] = ()
    recorded: Delivery | None = None

    def settings(self, *secrets: str) -> SettingValues:
        """The settings of a project that expects signatures by one of *secrets*."""
        return {}

    def signature(self, body: bytes, secret: str) -> str:
        """The right signature of *body*."""
        raise NotImplementedError(f"{type(self).__name__} must say how it signs")

    @abstractmethod
    def payload(self, *items: Any) -> dict[str, Any]:
        """
        A delivery's JSON with these items.

        A sender of one item a delivery sends the first of them, and `{}` where there is none.
        """

    @abstractmethod
    def item(self, number: int) -> dict[str, Any]:
        """What a person sent, who and which are both unlike those of other numbers."""

    def nameless(self) -> Any:
        """What may be a person's and does not say whose: an item without the id that names one."""
        raise NotImplementedError(f"{type(self).__name__} must say what an item without its id is")

    def delivery(self, *items: Any) -> Delivery:
        """These items, unsigned."""
        return self.unsigned(json_bytes(self.payload(*items)))

    def proven(self, *items: Any) -> Delivery:
        """These items as the sender really sends them to a project with the first secret."""
        body = json_bytes(self.payload(*items))
        if not self.secrets:
            return self.unsigned(body)
        return self.signed(body, self.signature(body, self.secrets[0]))

    def unsigned(self, body: bytes) -> Delivery:
        """*body* as somebody else would send it."""
        return Delivery(body, {})

    def signed(self, body: bytes, *signatures: str) -> Delivery:
        """*body* with these signatures in the place for them."""
        return Delivery(body, {self.signature_header: signatures})


class SecretHeaderSender(Sender):
    """A sender that sends the shared secret itself in `signature_header`."""

    def signature(self, body: bytes, secret: str) -> str:
        """The secret."""
        return secret


class SecretMemberSender(Sender):
    """
    A sender that sends the shared secret itself in the body.

    Attributes:
        secret_member: The member of the payload's top object that carries it.
    """

    secret_member: str

    def signature(self, body: bytes, secret: str) -> str:
        """The secret."""
        return secret

    def signed(self, body: bytes, *signatures: str) -> Delivery:
        """*body* with the last of *signatures*: a member has one value."""
        payload = json.loads(body)
        if signatures:
            payload[self.secret_member] = signatures[-1]
        return self.unsigned(json_bytes(payload))
