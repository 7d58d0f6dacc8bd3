"""A test delivery: which hops it passes on its way to its webhook, and how far it came."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Hop(StrEnum):
    """What a test delivery passes, in this order; over plain http there is no certificate."""

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
    """Where a test delivery stopped; *detail* is for people, and names neither key nor body."""

    hop: Hop
    trouble: Trouble
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """
    What a test delivery was answered over HTTP, by this program or by another.

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
    """How far a test delivery came; *passed* has what was found at each hop, in their order."""

    passed: Mapping[Hop, Sequence[str]]
    outcome: Answer | Failure
