"""Where a delivery is sent as its sender would send it, to see how far it comes."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from application.ports.lead_channel import Delivery


class Hop(StrEnum):
    """What a delivery passes on its way, in this order; over plain http there is no certificate."""

    NAME = "name"
    CONNECTION = "connection"
    CERTIFICATE = "certificate"
    ANSWER = "answer"


class Trouble(StrEnum):
    """What goes wrong at a hop."""

    NO_SUCH_NAME = "the name has no address"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    NO_TLS = "no TLS"
    NOT_TRUSTED = "not trusted"
    NO_HTTP = "no answer in HTTP"
    SILENT = "no answer in time"


@dataclass(frozen=True, slots=True)
class Failure:
    """Where a delivery came to its end; *detail* is for people, and names neither key nor body."""

    hop: Hop
    trouble: Trouble
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """
    What was answered over HTTP, by whomever.

    Attributes:
        headers: By lower-case name; of several of a name the last.
        body: Its first 64 KiB, as they came.
        seconds: From the first byte sent to the last one read.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float


@dataclass(frozen=True, slots=True)
class Passage:
    """How far a delivery came; *passed* has what was found at each hop, in their order."""

    passed: Mapping[Hop, Sequence[str]]
    outcome: Answer | Failure


class DeliverySender(Protocol):
    """
    Sends deliveries over the network, the way that a stranger's would come.

    Follows no redirect, since senders do not, and takes no proxy from the environment, which
    would go a way of its own. Keeps and logs neither URL nor body: there is a key in the one
    and a person in the other.
    """

    @abstractmethod
    async def deliver(self, url: str, delivery: Delivery) -> Passage:
        """
        Send *delivery* once to *url*, which has a query that the delivery's is added to.

        Ends within seconds, whatever the other side does. What the network does is in the
        passage; nothing is raised.
        """
