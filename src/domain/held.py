"""
Why a call or an item of a delivery is held, and what to do about it.

What is held is no lead yet and takes no place; it waits until its cause is mended.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from domain.capture import Capture


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCall:
    """
    One call, or one item of a delivery, that waits until its cause is mended.

    Attributes:
        held_id: Unique in its project; sorts by when it came.
        code: Why it is held: a key of `domain.held.ADVICE`.
        at: When it came, aware UTC.
        origin: Where it came from, as far as it says: a page, or the address in the channel.
        body: As received, as text.
        once: What it is held once by in its project, however often it comes.
        capture: What becomes of it; None where that could not be read. A project may give it
            to another one that it belongs to.
    """

    held_id: str
    project_id: str
    channel: str
    code: str
    at: datetime
    request_id: str
    origin: str | None
    body: str
    once: str
    capture: Capture | None


PLAN_LIMIT_REACHED = "PLAN_LIMIT_REACHED"
NUMBER_NOT_LISTED = "NUMBER_NOT_LISTED"
UNREADABLE = "UNREADABLE"
UNPROVEN = "UNPROVEN"
ADVICE: Mapping[str, str] = MappingProxyType(
    {
        PLAN_LIMIT_REACHED: (
            "The month was full. Raise the limit with `swiftcrm project update PROJECT"
            " --monthly-limit N`: it then becomes a lead by itself."
        ),
        NUMBER_NOT_LISTED: (
            "No project lists this number, or the one that lists it has not the same app_secret."
            " List it with `swiftcrm channel set PROJECT CHANNEL phone_number_ids=…`, or give both"
            " the same app_secret: it then becomes a lead by itself, within seconds."
        ),
        UNREADABLE: (
            "It could not be read. Look at it with `swiftcrm held show`; `swiftcrm held release`"
            " makes a lead of what can be read of it, beside its text."
        ),
        UNPROVEN: (
            "Nothing proved who sent it, and very many came in a minute. Give the channel its"
            " secret (`swiftcrm channel show PROJECT CHANNEL` names it), so that deliveries are"
            " proven; `swiftcrm held release PROJECT --code UNPROVEN` makes leads of what is real."
        ),
    }
)
"""One line for each code; every code that is held has one."""
BY_ITSELF = (PLAN_LIMIT_REACHED, NUMBER_NOT_LISTED)
"""What becomes a lead by itself once its cause is mended; the rest an operator releases."""
MOST_OF_A_CODE = 10_000
"""
Per project and code. Of what nothing proves no more is taken then; of the others the oldest go.
"""
KEPT_DAYS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldQuery:
    """
    Which held calls of a project are wanted; what is None does not matter.

    Attributes:
        since: Came at this moment or later.
        held_ids: These alone.
    """

    project_id: str
    code: str | None = None
    since: datetime | None = None
    held_ids: Sequence[str] | None = None
