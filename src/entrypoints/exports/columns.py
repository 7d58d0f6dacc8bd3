"""The columns of a table of leads, and their names."""

import csv
from dataclasses import dataclass

from domain.lead import CONTACT, RULES, AnyObject
from domain.leads.origin import FIRST_TOUCH
from domain.names import folded
from entrypoints.exports.lead_json import NO_CONTACT

CLICK_IDS = "click_ids"
ORIGIN = ("source", "medium", "campaign", CLICK_IDS, FIRST_TOUCH)
"""Where a lead came from, as `domain.leads.origin` names it."""
COLUMNS = (
    *("lead_id", "channel", "captured_at"),
    *CONTACT,
    *ORIGIN,
    *(name for name in RULES if name not in CONTACT),
    *("request_id", "messages", NO_CONTACT),
)
SENT_OBJECTS = tuple(name for name, rule in RULES.items() if isinstance(rule, AnyObject))
OBJECTS = (CLICK_IDS, FIRST_TOUCH, *SENT_OBJECTS)
"""The columns whose keys may have columns of their own: `attributes.budget`, `click_ids.gclid`."""


class UnknownColumn(Exception):
    """There is no column *name*."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True)
class Column:
    """A member of a lead, or what an object among them has under *key*."""

    member: str
    key: str | None = None

    @property
    def name(self) -> str:
        """What its head says; a key may have dots in it, and may be empty."""
        return self.member if self.key is None else f"{self.member}.{self.key}"


ALL_COLUMNS = tuple(map(Column, COLUMNS))


def columns_named(names: str) -> tuple[Column, ...]:
    """
    The columns that *names* has, in its order.

    Commas separate the names; one that has a comma itself stands in double quotes, as in CSV.

    Raises:
        UnknownColumn: For the first one that there is not.
    """
    try:
        found = next(csv.reader([names], skipinitialspace=True))
    except csv.Error:  # a line end where none can be
        raise UnknownColumn(names) from None
    return tuple(map(_named, found or [""]))


def _named(name: str) -> Column:
    member, dot, key = name.partition(".")
    member = folded(member)
    if (member not in OBJECTS) if dot else (member not in COLUMNS):
        raise UnknownColumn(name)
    return Column(member, key if dot else None)
