"""What a person wrote."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """
    One message of a person, kept once per project and channel by its *message_id*.

    *sent_at* is aware UTC. *raw* is its JSON as text, equal as JSON to what was sent; never
    parsed again by us.
    """

    message_id: str
    type: str
    text: str | None
    sent_at: datetime | None
    raw: str
