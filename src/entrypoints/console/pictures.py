"""
Pictures of how many leads there were, made ready: a template only draws what stands here.

We draw them ourselves: the libraries that make SVG bring inline style or script along, which our
policy forbids, or fixed colours, which know no dark page.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import NamedTuple, TypeVar
from zlib import crc32

from entrypoints.console.frame import times

COLOURS = 8
"""So many are distinct, also for who is colour-blind; `console.css` has them."""
OTHERS = 0
"""The colour of all that has none of its own."""
HEIGHT = 400
DAY = 10
"""A day in the units of the picture, which is stretched to the width of the page."""
FEW_DAYS = 14
"""Up to so many days, bars stand further apart."""
A_WEEK, MOST_LABELS = 7, 5
"""Each day of a week has its name below it; of more days so many have room on a phone."""
_STEPS = (10, 12, 16, 20, 30, 40, 60, 80)
"""Where a scale may end, times a power of ten: the half of each is whole, too."""
LINE_STEP, LINE_HEIGHT = 4, 24
_LINE_EDGE = 2

_Key = TypeVar("_Key", str, str | None)


class Label(NamedTuple):
    """
    Words below a bar.

    Attributes:
        x: Where, from the left, in percent of the width.
        anchor: Which part of the words is there: `start`, `middle` or `end`.
    """

    x: float
    anchor: str
    words: str


@dataclass(frozen=True, slots=True)
class Part:
    """
    What the bars of one colour stand for.

    Attributes:
        colour: 1 to `COLOURS`, or `OTHERS`.
        by_day: How many, day by day.
        path: The outlines of the bars, as the `d` of an SVG path.
    """

    name: str
    colour: int
    by_day: Sequence[int]
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """
    A bar for each day, made of parts that stand on each other.

    Attributes:
        parts: From the ground up; only those that have a lead.
        marks: The numbers of the scale, from the top down to 0.
        today_at: Where the bar of today begins; None if it is not there.
    """

    days: Sequence[date]
    totals: Sequence[int]
    parts: Sequence[Part]
    marks: Sequence[int]
    labels: Sequence[Label]
    today_at: int | None
    width: int
    height: int = HEIGHT
    day_width: int = DAY

    @property
    def rows(self) -> Iterator[tuple[str, Sequence[int]]]:
        """Of each day what it is called, and how many leads of each part it had, and in all."""
        for place, day in enumerate(self.days):
            counts = [part.by_day[place] for part in self.parts]
            name = f"{times.weekday(day)} {times.days_in_words(day, day, day)}"
            yield name, [*counts, self.totals[place]]


def colours(ranking: Iterable[_Key]) -> Mapping[_Key, int]:
    """
    The colours of the first of *ranking*, which may name one several times.

    Each prefers a colour, by its name, and takes the next one if another has it. Their ranks do
    not matter for that: a colour stays where it is as long as these are the first.
    """
    first = list(dict.fromkeys(ranking))[:COLOURS]
    found: dict[_Key, int] = {}
    for key in sorted(first, key=_hash):
        place = _hash(key) % COLOURS
        while place + 1 in found.values():
            place = (place + 1) % COLOURS
        found[key] = place + 1
    return found


def _hash(key: str | None) -> int:
    """The same in each process, unlike Python's own."""
    return crc32((key or "").encode())


def bars(
    days: Sequence[date],
    counts: Mapping[_Key, Mapping[date, int]],
    colour_of: Mapping[_Key, int],
    name_of: Callable[[_Key], str],
    today: date,
) -> Bars:
    """
    The bars of *days*, of which each of *counts* has all.

    Who has no colour is one of the others.
    """
    named = sorted(counts.keys() & colour_of, key=colour_of.__getitem__)
    rows = [(name_of(key), colour_of[key], [counts[key][day] for day in days]) for key in named]
    others = [by_day for key, by_day in counts.items() if key not in colour_of]
    if others:
        rows.append(("Others", OTHERS, [sum(one[day] for one in others) for day in days]))
    totals = [sum(by_day[place] for *_, by_day in rows) for place in range(len(days))]
    marks = scale(max(totals))
    return Bars(
        days=days,
        totals=totals,
        parts=_stacked(rows, marks[0]),
        marks=marks,
        labels=day_labels(days, today),
        today_at=DAY * days.index(today) if today in days else None,
        width=DAY * len(days),
    )


def scale(highest: int) -> Sequence[int]:
    """The numbers beside bars of which the highest is *highest*, from the top down."""
    tops = (step * 10**power // 10 for power in count() for step in _STEPS)
    top = next(top for top in tops if top >= max(highest, 2) and top % 2 == 0)
    return (top, top // 2, 0)


def day_labels(days: Sequence[date], today: date) -> Sequence[Label]:
    """Names of some days, of the last one always."""
    is_week = len(days) <= A_WEEK
    step = 1 if is_week else -(-len(days) // MOST_LABELS)
    labels = []
    for place in range(len(days) - 1, -1, -step):
        day = days[place]
        words = times.weekday(day) if is_week else times.days_in_words(day, day, day)
        middle = round(100 * (place + 0.5) / len(days), 1)
        anchor = "middle"
        if not is_week:
            anchor = {0: "start", len(days) - 1: "end"}.get(place, "middle")
        x = {"start": 0.0, "middle": middle, "end": 100.0}[anchor]
        labels.append(Label(x, anchor, "today" if day == today else words))
    return labels[::-1]


def line(counts: Sequence[int]) -> str:
    """The points of an SVG polyline; on the way along the same height there is none."""
    lowest, highest = LINE_HEIGHT - _LINE_EDGE, max(*counts, 1)
    heights = [lowest - round(one * (lowest - _LINE_EDGE) / highest) for one in counts]
    points = (
        f"{LINE_STEP * place},{height}"
        for place, height in enumerate(heights)
        if set(heights[max(place - 1, 0) : place + 2]) != {height} or place in (0, len(counts) - 1)
    )
    return " ".join(points)


def _stacked(rows: Iterable[tuple[str, int, Sequence[int]]], top: int) -> Sequence[Part]:
    """Each row on those before it; every outline lies on a whole unit, so none overlaps."""
    parts: list[Part] = []
    below: Sequence[int] = ()
    for name, colour, by_day in rows:
        below = below or [0] * len(by_day)
        above = [ground + leads for ground, leads in zip(below, by_day, strict=True)]
        gap = 1 if len(by_day) > FEW_DAYS else 2
        outlines = (
            _outline(DAY * place + gap, DAY - 2 * gap, *_from_top(ground, roof, top))
            for place, (ground, roof) in enumerate(zip(below, above, strict=True))
            if roof > ground
        )
        parts.append(Part(name, colour, by_day, "".join(outlines)))
        below = above
    return parts


def _from_top(ground: int, roof: int, top: int) -> tuple[int, int]:
    begin, end = (HEIGHT - round(HEIGHT * one / top) for one in (roof, ground))
    return begin, end - begin


def _outline(x: int, width: int, y: int, height: int) -> str:
    return f"M{x} {y}h{width}v{height}h-{width}z"
