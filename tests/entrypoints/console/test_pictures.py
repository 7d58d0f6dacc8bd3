"""What a picture is made of, before a template draws it."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from entrypoints.console.frame.static_files import FOLDER
from entrypoints.console.pictures import (
    COLOURS,
    DAY,
    HEIGHT,
    LINE_HEIGHT,
    LINE_STEP,
    OTHERS,
    bars,
    colours,
    day_labels,
    line,
    scale,
)

TODAY = date(2026, 11, 25)


def last(count: int) -> Sequence[date]:
    return [TODAY - timedelta(days=back) for back in range(count - 1, -1, -1)]


def name_of(key: str | None) -> str:
    return key or "Not known"


@pytest.mark.parametrize(
    ("highest", "marks"),
    [
        (0, (2, 1, 0)),
        (1, (2, 1, 0)),
        (3, (4, 2, 0)),
        (7, (8, 4, 0)),
        (9, (10, 5, 0)),
        (13, (16, 8, 0)),
        (61, (80, 40, 0)),
        (1001, (1200, 600, 0)),
        (999_999, (1_000_000, 500_000, 0)),
    ],
)
def test_a_scale_ends_at_a_round_number_whose_half_is_whole(
    highest: int, marks: tuple[int, ...]
) -> None:
    assert scale(highest) == marks


def test_colours_are_the_same_whoever_is_the_first_of_them() -> None:
    ranked = ["google", "facebook", None, "news"]

    assert colours(ranked) == colours([None, "news", "facebook", "google", "news"])


def test_eight_have_a_colour_of_their_own_and_whoever_comes_later_has_none() -> None:
    ranked = [f"site{number}.example" for number in range(40)]
    found = colours(ranked)

    assert found.keys() == set(ranked[:COLOURS])
    assert sorted(found.values()) == list(range(1, COLOURS + 1))


def test_bars_stand_on_each_other_and_those_without_a_colour_on_top() -> None:
    days = last(2)
    counts = {
        "news": dict(zip(days, (1, 0), strict=True)),
        "google": dict(zip(days, (2, 4), strict=True)),
        None: dict(zip(days, (0, 1), strict=True)),
        "rare": dict(zip(days, (1, 1), strict=True)),
    }
    picture = bars(days, counts, {"google": 1, "news": 2, "nobody": 3}, name_of, TODAY)

    assert picture.totals == [4, 6]
    assert picture.marks == (6, 3, 0)
    parts = [(part.name, part.colour, part.by_day) for part in picture.parts]
    assert parts == [("google", 1, [2, 4]), ("news", 2, [1, 0]), ("Others", OTHERS, [1, 2])]
    assert heights(picture.parts[0].path) == [(267, HEIGHT - 267), (133, HEIGHT - 133)]
    assert heights(picture.parts[1].path) == [(200, 67)]  # on the second day there was none
    assert heights(picture.parts[2].path) == [(133, 67), (0, 133)]
    assert (picture.today_at, picture.width) == (DAY, 2 * DAY)
    assert [*picture.rows] == [("Tue 24 Nov", [2, 1, 1, 4]), ("Wed 25 Nov", [4, 0, 2, 6])]


def heights(path: str) -> list[tuple[int, int]]:
    """Of each bar, where it begins from the top, and how high it is."""
    return [(int(y), int(v)) for y, v in re.findall(r"M\d+ (\d+)h\d+v(\d+)h-\d+z", path)]


def test_without_a_lead_there_is_a_scale_and_no_bar() -> None:
    picture = bars(last(7), {}, {}, name_of, TODAY)

    assert (picture.parts, picture.marks, picture.totals) == ([], (2, 1, 0), [0] * 7)


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (7, ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "today"]),
        (1, ["today"]),
        (30, ["1 Nov", "7 Nov", "13 Nov", "19 Nov", "today"]),
        (90, ["14 Sep", "2 Oct", "20 Oct", "7 Nov", "today"]),
    ],
)
def test_each_day_of_a_week_has_a_name_and_of_more_days_as_many_as_have_room(
    count: int, words: list[str]
) -> None:
    labels = day_labels(last(count), TODAY)

    assert [label.words for label in labels] == words
    assert all(0 <= label.x <= 100 for label in labels)


def test_a_name_stands_in_the_middle_below_its_bar_and_no_further_out_than_the_picture() -> None:
    [monday, *_, today] = day_labels(last(5), TODAY)
    assert (monday.x, monday.anchor) == (10, "middle")
    assert (today.x, today.anchor) == (90, "middle")

    *_, before, today = day_labels(last(30), TODAY)
    assert (before.x, before.anchor) == (round(100 * 23.5 / 30, 1), "middle")
    assert (today.x, today.anchor) == (100, "end")


def test_days_that_are_over_have_no_today() -> None:
    days = last(9)[:7]

    assert bars(days, {}, {}, name_of, TODAY).today_at is None
    assert day_labels(days, TODAY)[-1].words == "Mon"


@pytest.mark.parametrize(
    ("counts", "points"),
    [
        ([0, 0, 0, 0], "0,22 12,22"),
        ([0, 10, 5], "0,22 4,2 8,12"),
        ([3, 3, 3, 0, 0, 0, 3], "0,2 8,2 12,22 20,22 24,2"),
    ],
)
def test_a_line_has_a_point_where_it_turns(counts: list[int], points: str) -> None:
    assert line(counts) == points
    assert LINE_HEIGHT == 24
    assert LINE_STEP * 29 == 116  # the width of 30 days, as `pictures.html` draws them


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_each_colour_stands_out_from_the_ground(scheme: int) -> None:
    sheet = (FOLDER / "console.css").read_text("utf-8").split("@media")[scheme]
    found = dict(re.findall(r"--(c\d|edge|ground): #(\w{3,6});", sheet))
    ground = brightness(found.pop("ground"))

    assert found.keys() == {"edge", *(f"c{number}" for number in range(1, COLOURS + 1))}
    contrasts = {name: contrast(brightness(colour), ground) for name, colour in found.items()}
    assert {name: one for name, one in contrasts.items() if one < 3} == {}


def brightness(colour: str) -> float:
    """The relative luminance of WCAG 2."""
    digits = colour if len(colour) == 6 else "".join(2 * digit for digit in colour)
    parts = (int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4))
    linear = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return sum(weight * one for weight, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)
