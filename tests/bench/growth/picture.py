"""
Lines against a number that grows fourfold from mark to mark, as an SVG file for the documents.

Nothing that draws SVG is installed, and the pictures of the console are bars for its own pages.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from entrypoints.console.pictures import scale

COLOURS = ("#555555", "#0072b2", "#d55e00", "#009e73", "#cc79a7")
"""Distinct also for who is colour-blind (Okabe and Ito)."""
WIDTH, HEIGHT, GAP = 240, 220, 70
LEFT, TOP, BOTTOM = 60, 60, 45
STYLE = "text{font:12px sans-serif;fill:#222}line{stroke:#ddd}polyline{fill:none;stroke-width:2}"
STEEP = 20
"""Where the highest value is so many times the lowest one, the scale is logarithmic."""

Lines = Mapping[str, Sequence[float]]


@dataclass(frozen=True)
class Scale:
    """From values to heights; the marks are values."""

    marks: Sequence[float]
    is_logarithmic: bool

    def height(self, value: float) -> float:
        """From the top of the panel."""
        low, high, at = (self._place(one) for one in (self.marks[-1], self.marks[0], value))
        return HEIGHT * (1 - (at - low) / (high - low))

    def _place(self, value: float) -> float:
        return math.log10(value) if self.is_logarithmic else value


def scale_of(lines: Lines) -> Scale:
    """One on which all values have room."""
    values = [value for line in lines.values() for value in line]
    low, high = min(values), max(values)
    if low <= 0 or high < STEEP * low:
        return Scale(scale(math.ceil(high)), is_logarithmic=False)
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    return Scale([10.0**power for power in reversed(powers)], is_logarithmic=True)


def picture(numbers: Sequence[int], panels: Mapping[str, Lines], below: str = "connections") -> str:
    """
    A panel for each title, side by side, with a line for each name.

    Args:
        numbers: What the values of a line belong to, as said *below* each panel.
    """
    width = LEFT + len(panels) * (WIDTH + GAP)
    root = Element(
        "svg", xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {width} {TOP + HEIGHT + BOTTOM}"
    )
    SubElement(root, "style").text = STYLE
    SubElement(root, "rect", width="100%", height="100%", fill="white")
    names = list(next(iter(panels.values())))
    for place, (name, colour) in enumerate(zip(names, COLOURS, strict=False)):
        x = LEFT + place * 150
        _add(root, "circle", cx=x, cy=16, r=4, fill=colour)
        _say(root, name, x=x + 10, y=20)
    for place, (title, lines) in enumerate(panels.items()):
        x = LEFT + place * (WIDTH + GAP)
        panel = SubElement(root, "g", transform=f"translate({x} {TOP})")
        _draw(panel, numbers, lines, title, below)
    indent(root)
    return tostring(root, encoding="unicode") + "\n"


def _draw(panel: Element, numbers: Sequence[int], lines: Lines, title: str, below: str) -> None:
    vertical = scale_of(lines)
    _say(panel, title, x=0, y=-12)
    for mark in vertical.marks:
        y = round(vertical.height(mark), 1)
        _add(panel, "line", x1=0, x2=WIDTH, y1=y, y2=y)
        _say(panel, f"{mark:,g}", x=-6, y=y + 4, anchor="end")
    across = [round(WIDTH * (place + 0.5) / len(numbers), 1) for place in range(len(numbers))]
    for x, number in zip(across, numbers, strict=True):
        _say(panel, f"{number:,}", x=x, y=HEIGHT + 18, anchor="middle")
    _say(panel, below, x=WIDTH / 2, y=HEIGHT + 36, anchor="middle")
    for colour, values in zip(COLOURS, lines.values(), strict=False):
        points = [
            (x, round(vertical.height(value), 1)) for x, value in zip(across, values, strict=True)
        ]
        _add(panel, "polyline", points=" ".join(f"{x},{y}" for x, y in points), stroke=colour)
        for x, y in points:
            _add(panel, "circle", cx=x, cy=y, r=3, fill=colour)


def _say(parent: Element, words: str, *, x: float, y: float, anchor: str = "start") -> None:
    _add(parent, "text", x=x, y=y, **{"text-anchor": anchor}).text = words


def _add(parent: Element, tag: str, **attributes: Any) -> Element:
    return SubElement(parent, tag, {name: str(value) for name, value in attributes.items()})
