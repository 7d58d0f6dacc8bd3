"""Which numbers and places are free; asked while the write lock is held."""

import sqlite3
from collections.abc import Iterator, Mapping

from domain.plan import Month

FullMonths = dict[str, tuple[Month, int]]
"""
The month of each project that was found full, with the limit it was full for.

Remembered between batches, so that a refusal does not count the month anew:
places do not become free again, only a limit changes.
"""


class FreeNumbers:
    """The next `lead_id` of each project, within one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._next: dict[str, int] = {}

    def take(self, project_id: str) -> int:
        """A number that no lead of the project has."""
        number = self._next.get(project_id)
        if number is None:
            query = "SELECT max(lead_id) FROM leads WHERE project_id = ?"
            number = (self._connection.execute(query, (project_id,)).fetchone()[0] or 0) + 1
        self._next[project_id] = number + 1
        return number


class FreePlaces:
    """The free places of one month, within one transaction."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        month: Month,
        limits: Mapping[str, int | None],
        full: FullMonths,
    ) -> None:
        self._connection = connection
        self._month = month
        self._limits = limits
        self._known_full = full
        self.found_full: FullMonths = {}
        self._free: dict[str, Iterator[int]] = {}

    def take(self, project_id: str) -> int | None:
        """A free place, or None if every place within the limit is taken."""
        limit = self._limits[project_id]
        if limit is not None and self._known_full.get(project_id) == (self._month, limit):
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
        highest = self._connection.execute(f"SELECT max(place) {where}", month).fetchone()[0] or 0
        place = highest + 1
        while limit is None or place <= limit:
            yield place
            place += 1
        # Places that were taken above a lowered limit count: as many of the highest free places
        # below it stay closed.
        taken = self._connection.execute(f"SELECT count(*) {where}", month).fetchone()[0]
        usable = limit - taken
        if usable > 0:
            query = f"SELECT place {where} AND place <= ? ORDER BY place"
            rows = self._connection.execute(query, (*month, limit)).fetchall()
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
