"""Numbers and places for the newcomers of one project, in one round."""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

from adapters.mongodb.connection.collections import Collections
from adapters.mongodb.leads.choosing import Taken, take
from adapters.mongodb.leads.entries import Entry
from adapters.mongodb.leads.numbers import Numbers
from adapters.mongodb.leads.places import Shelf
from adapters.mongodb.leads.writing import Result

AT_ONCE = 16
"""Projects of one batch that ask the store at the same time."""


@dataclass(slots=True)
class Allotment:
    """Who got a number, and a place if the lead counts; what is not used is given back."""

    project_id: str
    numbers: Numbers
    shelf: Shelf
    entries: list[Entry] = field(default_factory=list)
    age: int = 0
    is_undecided: bool = False

    async def fill(self, store: Collections, newcomers: Sequence[Entry]) -> None:
        """Give each of *newcomers*, in their order, what it needs, for as long as there is some."""
        counting = sum(entry.capture.counts for entry in newcomers)
        taken = await take(store, self.shelf, counting) if counting else Taken([])
        places, self.is_undecided, self.age = iter(taken.places), taken.is_undecided, self.shelf.age
        for entry in newcomers:
            place = next(places, None) if entry.capture.counts else None
            entry.document.pop("place", None)
            if place is not None:
                entry.document["place"] = place
            if place is not None or not entry.capture.counts:
                self.entries.append(entry)
        numbers = await self.numbers.take(store, self.project_id, len(self.entries))
        for entry, number in zip(self.entries, numbers, strict=True):
            entry.document["lead_id"] = number

    def is_full_for(self, entry: Entry) -> bool:
        """Whether *entry* counts, got no place, and will get none."""
        return entry.capture.counts and self.shelf.is_full and entry not in self.entries

    def is_undecided_for(self, entry: Entry) -> bool:
        """Whether *entry* counts, and got no place although there may be one."""
        return entry.capture.counts and self.is_undecided and entry not in self.entries

    def note(self, entry: Entry, result: Result) -> None:
        """Learn from what became of the entry's document."""
        if result is Result.WRITTEN:
            self.numbers.confirm(self.project_id)
        elif result is Result.UNKNOWN:
            self.forget()
        elif result in (Result.NUMBER_TAKEN, Result.PLACE_TAKEN):
            # Whoever was faster took both: to learn them one after the other costs a write.
            self.numbers.conflict(self.project_id)
            self.shelf.conflict()
        else:
            self.numbers.give_back(self.project_id, entry.document["lead_id"])
            if "place" in entry.document:
                self.shelf.give_back(entry.document["place"], self.age)

    def forget(self) -> None:
        """It is not known what was written."""
        self.numbers.forget(self.project_id)
        self.shelf.forget()


Allotments = dict[str, Allotment]


async def fill_all(store: Collections, wanted: Sequence[tuple[Allotment, Sequence[Entry]]]) -> None:
    """
    Fill each with its newcomers, some at a time: most ask the store nothing, others several things.

    Raises:
        PyMongoError: Of any of them; then nothing is known that was to be taken.
    """
    left = iter(wanted)

    async def fill_in_turn() -> None:
        for allotment, newcomers in left:
            await allotment.fill(store, newcomers)

    try:
        if len(wanted) == 1:  # the usual case needs no task
            await fill_in_turn()
        else:
            await _all_of([fill_in_turn() for _ in range(min(len(wanted), AT_ONCE))])
    except BaseException:
        for allotment, _ in wanted:
            allotment.forget()
        raise


async def _all_of(work: Sequence[Coroutine[Any, Any, None]]) -> None:
    """Whatever becomes of one, the others are waited for: they use the same memories."""
    for result in await asyncio.gather(*work, return_exceptions=True):
        if isinstance(result, BaseException):
            raise result
