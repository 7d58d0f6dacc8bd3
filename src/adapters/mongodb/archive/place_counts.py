"""How many places of a month are taken, for pages that show it at every look."""

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from adapters.mongodb.connection.collections import aggregate

CHUNK = 5_000
MOST_MONTHS = 2


class PlaceCounts:
    """
    Counts the places of several projects in one question.

    The server counts by walking through the index, which takes long in a large month. So what it
    counted once is remembered as far as it cannot change: a chunk whose places are all taken, as
    the majority has it, stays full. It remembers one number per full chunk, of two months:
    a page compares this month with the one before.
    """

    def __init__(self, chunk: int = CHUNK) -> None:
        self._chunk = chunk
        self._months: OrderedDict[str, defaultdict[str, set[int]]] = OrderedDict()

    async def __call__(
        self, leads: Any, project_ids: Sequence[str], month: str
    ) -> Mapping[str, int]:
        """How many places each of them has taken; *leads* are those of the majority."""
        full = self._months.setdefault(month, defaultdict(set))
        self._months.move_to_end(month)
        if len(self._months) > MOST_MONTHS:
            self._months.popitem(last=False)
        # The month stands in each of them: else the server takes an index without it, and reads
        # every lead of the project.
        wanted = {"$or": [{"month": month, **one} for one in self._open(project_ids, full)]}
        chunk = {"$floor": {"$divide": [{"$subtract": ["$place", 1]}, self._chunk]}}
        group: dict[str, Any] = {
            "_id": {"project": "$project_id", "chunk": chunk},
            "found": {"$sum": 1},
        }
        known = {one: len(full[one]) * self._chunk for one in project_ids if one in full}
        rows = await aggregate(leads, [{"$match": wanted}, {"$group": group}])
        taken = {one: known.get(one, 0) for one in project_ids}
        for row in rows:
            project_id = row["_id"]["project"]
            taken[project_id] += row["found"]
            if row["found"] == self._chunk:
                full[project_id].add(int(row["_id"]["chunk"]))
        return taken

    def _open(
        self, project_ids: Iterable[str], full: Mapping[str, set[int]]
    ) -> Iterator[dict[str, Any]]:
        """What is to be counted: all that is not known to be full."""
        yield {
            "project_id": {"$in": [one for one in project_ids if one not in full]},
            "place": {"$gte": 1},
        }
        for project_id in project_ids:
            if project_id in full:
                for low, high in self._gaps(full[project_id]):
                    until = {} if high is None else {"$lte": high}
                    yield {"project_id": project_id, "place": {"$gte": low, **until}}

    def _gaps(self, full: Iterable[int]) -> Iterator[tuple[int, int | None]]:
        """From which place to which there are chunks that are not full; None for no end."""
        first = 0
        for chunk in sorted(full):
            if chunk > first:
                yield first * self._chunk + 1, chunk * self._chunk
            first = chunk + 1
        yield first * self._chunk + 1, None
