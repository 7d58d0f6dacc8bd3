"""Which keys of attributes, utm, click ids and the first touch get columns of their own."""

from collections.abc import AsyncIterator

from domain.lead import Lead
from entrypoints.exports.cells import LINE_ENDS, cell
from entrypoints.exports.columns import ALL_COLUMNS, Column
from entrypoints.exports.table import Table

MOST_KEYS = 200
"""
How many keys get a column, of all objects together: more than a form has fields.

Whoever sends a lead chooses its keys. Without a bound, one sender could make a table so wide that
no spreadsheet opens it (Excel stops at 16,384 columns).
"""
MOST_COUNTED = 5_000
"""How many keys are counted at a time: so many are in memory, whatever is sent."""
LONGEST_KEY = 100
"""A key with more characters is a text, not a name."""


async def wide_columns(
    leads: AsyncIterator[Lead], *, most_keys: int = MOST_KEYS, most_counted: int = MOST_COUNTED
) -> tuple[Column, ...]:
    """
    All columns, and behind each object those of the keys that most *leads* have.

    The most frequent comes first. What has no column stays in the cell of its object, also what
    only comes after this was called.
    """
    counts, table = _Counts(most_counted), Table(ALL_COLUMNS)
    async for lead in leads:
        for column in table.keys_of(lead.details):
            counts.add(column)
    found = counts.most_frequent(most_keys)
    return tuple(
        column
        for whole in ALL_COLUMNS
        for column in (whole, *(one for one in found if one.member == whole.member))
    )


class _Counts:
    """
    Counts columns in a bounded memory, by the algorithm of Misra and Gries.

    Where one more finds no room, each that is there loses one. So a flood of keys that come once
    drives out itself, and a key that is more than one in *most* of all is always found.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._counts: dict[Column, int] = {}

    def add(self, column: Column) -> None:
        if column in self._counts:
            self._counts[column] += 1
        elif not _is_a_head(column):
            return
        elif len(self._counts) < self._most:
            self._counts[column] = 1
        else:
            self._counts = {one: count - 1 for one, count in self._counts.items() if count > 1}

    def most_frequent(self, most: int) -> list[Column]:
        found = sorted(self._counts, key=lambda column: (-self._counts[column], column.name))
        return found[:most]


def _is_a_head(column: Column) -> bool:
    """
    Whether the name can stand at the head of a column as it is.

    If the guard changes it, then it is no name of a field. Two such could also become the same.
    """
    key = column.key or ""
    return (
        len(key) <= LONGEST_KEY
        and not set(key) & set(LINE_ENDS)
        and cell(column.name) == column.name
    )
