"""A lead as a row of a table."""

from collections.abc import Iterator, Mapping, Sequence

from domain.json_value import JsonObject, JsonValue
from domain.lead import Lead, LeadDetails
from domain.leads.origin import FIRST_TOUCH, click_ids_of, first_touch_of, origin_of
from entrypoints.exports.columns import CLICK_IDS, OBJECTS, SENT_OBJECTS, Column
from entrypoints.exports.lead_json import lead_json


class Table:
    """
    Rows with these *columns*.

    What has a column of its own is left out of the object that it came in.
    """

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns = columns
        self._own = frozenset(columns)

    def row(self, lead: Lead) -> Iterator[JsonValue]:
        """What each column has of *lead*; None where there is nothing."""
        objects = _objects_of(lead.details)
        origin = origin_of(lead.details)
        members = {
            **lead_json(lead),
            "source": origin.source,
            "medium": origin.medium,
            "campaign": origin.campaign,
        }
        for column in self.columns:
            if column.key is not None:
                yield objects[column.member].get(column.key)
            elif column.member in OBJECTS:
                yield self._rest_of(column.member, objects) or None
            else:  # what is said only if it is so may be missing
                yield members.get(column.member) or None

    def keys_of(self, details: LeadDetails) -> Iterator[Column]:
        """What the objects of a lead have that has no column of its own yet."""
        objects = _objects_of(details)
        for member in OBJECTS:
            yield from (Column(member, key) for key in self._rest_of(member, objects))

    def _rest_of(self, member: str, objects: Mapping[str, JsonObject]) -> JsonObject:
        return {
            key: value
            for key, value in objects[member].items()
            if not self._has_elsewhere(Column(member, key), value, objects)
        }

    def _has_elsewhere(
        self, column: Column, value: JsonValue, objects: Mapping[str, JsonObject]
    ) -> bool:
        """Whether another column says it: click ids and the first touch are parts of objects."""
        if column in self._own:
            return True
        if column == Column("attributes", FIRST_TOUCH):
            return Column(FIRST_TOUCH) in self._own and value == objects[FIRST_TOUCH]
        click_id = column.member in SENT_OBJECTS and objects[CLICK_IDS].get(column.key or "")
        of_click_ids = Column(CLICK_IDS), Column(CLICK_IDS, column.key)
        return bool(click_id) and click_id == value and not self._own.isdisjoint(of_click_ids)


def _objects_of(details: LeadDetails) -> Mapping[str, JsonObject]:
    return {
        CLICK_IDS: click_ids_of(details),
        FIRST_TOUCH: first_touch_of(details),
        **{name: getattr(details, name) for name in SENT_OBJECTS},
    }
