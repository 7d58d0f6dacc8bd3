"""Pictures of figures that nobody measured."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element, fromstring

import pytest

from tests.bench.growth.picture import HEIGHT, picture, scale_of

SVG = "{http://www.w3.org/2000/svg}"
NUMBERS = (16, 64, 1_024)
RATES = {"bare & plain": [1_000.0, 2_000.0, 1_500.0], "ours": [400.0, 500.0, 450.0]}
TIMES = {"bare & plain": [1.5, 8.0, 150.0], "ours": [3.0, 20.0, 900.0]}


def drawn() -> Element:
    return fromstring(picture(NUMBERS, {"leads/s": RATES, "p99, ms": TIMES}))


def heights(line: Element) -> Sequence[float]:
    """From the top down."""
    return [float(point.partition(",")[2]) for point in line.attrib["points"].split()]


def test_each_panel_has_a_line_of_each_side_and_its_colour_is_in_the_legend() -> None:
    lines = drawn().findall(f".//{SVG}polyline")
    legend = {one.attrib["fill"] for one in drawn().findall(f"{SVG}circle")}

    assert len(lines) == 4
    assert {one.attrib["stroke"] for one in lines} == legend


def test_what_is_more_is_higher_and_inside_the_panel() -> None:
    first, second = (heights(line) for line in drawn().findall(f".//{SVG}polyline")[:2])

    assert first[1] < first[2] < first[0] < second[0]
    assert min(first) >= 0
    assert max(second) <= HEIGHT


def test_the_sides_and_the_numbers_are_named() -> None:
    words = [one.text for one in drawn().iter(f"{SVG}text")]

    assert {"bare & plain", "ours", "leads/s", "p99, ms", "1,024", "connections"} <= set(words)


@pytest.mark.parametrize(
    ("lines", "marks"), [(RATES, [2_000, 1_000, 0]), (TIMES, [1e3, 100, 10, 1])]
)
def test_a_scale_is_logarithmic_where_values_are_far_apart(
    lines: dict[str, list[float]], marks: list[float]
) -> None:
    assert scale_of(lines).marks == pytest.approx(marks)
