"""Which numbers and places are free; asked while the write lock is held."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import orjson

from adapters.sqlite.connection.rows import rows_in_one
from adapters.sqlite.leads.transaction import Transaction
from domain.plan import Month

_HIGHEST = """
SELECT CAST(json_group_array(json_array(
    project.value,
    coalesce((SELECT max(lead_id) FROM leads WHERE project_id = project.value), 0),
    coalesce((SELECT max(place) FROM leads
              WHERE project_id = project.value AND month = ?1 AND place IS NOT NULL), 0))) AS BLOB)
FROM json_each(?2) AS project
"""
FullMonths = dict[str, tuple[Month, int]]
"""
The month of each project that was found full, with the limit it was full for.

Remembered between batches, so that a refusal neither counts the month anew nor, of who is new,
needs a transaction: places do not become free again, only a limit changes.
"""


def is_full(full: FullMonths, project_id: str, month: Month, limit: int | None) -> bool:
    """Whether the month was found full for this very limit."""
    return limit is not None and full.get(project_id) == (month, limit)


class Highest(NamedTuple):
    """The highest number of a project, and its highest place of the month; 0 for none."""

    number: int
    place: int


def highest_of(
    transaction: Transaction, project_ids: Iterable[str], month: Month
) -> Mapping[str, Highest]:
    """Of each project, when the transaction begins; one question for all."""
    values = (str(month), orjson.dumps(list(project_ids)).decode())
    rows = rows_in_one(transaction.execute(_HIGHEST, values))
    return {project_id: Highest(number, place) for project_id, number, place in rows}


class FreeNumbers:
    """The next `lead_id` of each project, within one transaction."""

    def __init__(self, highest: Mapping[str, Highest]) -> None:
        self._taken = {project_id: one.number for project_id, one in highest.items()}

    def take(self, project_id: str) -> int:
        """A number that no lead of the project has."""
        number = self._taken[project_id] = self._taken[project_id] + 1
        return number


class FreePlaces:
    """The free places of one month, within one transaction."""

    def __init__(
        self,
        transaction: Transaction,
        month: Month,
        limits: Mapping[str, int | None],
        full: FullMonths,
        highest: Mapping[str, Highest],
    ) -> None:
        self._transaction = transaction
        self._month = month
        self._limits = limits
        self._known_full = full
        self._highest = highest
        self.found_full: FullMonths = {}
        self._free: dict[str, Iterator[int]] = {}

    def take(self, project_id: str) -> int | None:
        """A free place, or None if every place within the limit is taken."""
        limit = self._limits[project_id]
        if is_full(self._known_full, project_id, self._month, limit):
            return None
        free = self._free.get(project_id)
        if free is None:
            free = self._free[project_id] = self._places(project_id, limit)
        place = next(free, None)
        if place is None and limit is not None:
            self.found_full[project_id] = (self._month, limit)
        return place

    def _places(self, project_id: str, limit: int | None) -> Iterator[int]:
        """
        Places that may be taken: those above the highest taken one, then free places below it.

        Under the lock no writer leaves a free place below: a lead that was removed by hand does.
        """
        where = "FROM leads WHERE project_id = ? AND month = ? AND place IS NOT NULL"
        month = (project_id, str(self._month))
        place = self._highest[project_id].place + 1
        while limit is None or place <= limit:
            yield place
            place += 1
        # Places that were taken above a lowered limit count: as many of the highest free places
        # below it stay closed.
        taken = self._transaction.execute(f"SELECT count(*) {where}", month).fetchone()[0]
        usable = limit - taken
        if usable > 0:
            query = f"SELECT place {where} AND place <= ? ORDER BY place"
            rows = self._transaction.execute(query, (*month, limit)).fetchall()
            yield from _lowest_free((row[0] for row in rows), limit, usable)


def _lowest_free(taken: Iterator[int], limit: int, usable: int) -> Iterator[int]:
    """The lowest *usable* numbers from 1 to *limit* that are not in *taken*, which ascends."""
    candidate = 1
    for place in [*taken, limit + 1]:
        while candidate < place:
            if usable == 0:
                return
            yield candidate
            usable -= 1
            candidate += 1
        candidate = place + 1
