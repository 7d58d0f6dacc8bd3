"""Who a person is to a channel."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identity:
    """
    One name that a channel has for a person (or for one submission of a form).

    Unique per project, channel, *kind* and *value*.
    """

    kind: str
    value: str
