"""What is said after a release."""

import re

import pytest

from application.held.release import ReleaseCount
from entrypoints.console import words
from entrypoints.console.held.released import word_for


@pytest.mark.parametrize(
    ("count", "is_good", "says"),
    [
        (ReleaseCount(released=1240), True, ["Released: 1,240."]),
        (
            ReleaseCount(released=2, still_held=3, without_place=1, arrived=4),
            True,
            [
                "Released: 2.",
                "No place in this month: 1.",
                "said there: 2.",
                "by now: 4.",
            ],
        ),
        (ReleaseCount(still_held=1, without_place=1), False, ["No place in this month: 1."]),
        (ReleaseCount(), False, ["Nothing was released"]),
        (None, True, ["The release goes on by itself"]),
    ],
)
def test_the_numbers_of_a_release_are_said_in_sentences_and_as_good_if_any_is_a_lead(
    count: ReleaseCount | None, is_good: bool, says: list[str]
) -> None:
    done = words.done(word_for(count))
    assert done is not None
    said = done.sentence

    assert done.is_good is is_good
    assert [part for part in says if part not in said] == []
    numbers = re.findall("[0-9]+", said.replace(",", ""))
    assert len(numbers) == sum(":" in part for part in says)


@pytest.mark.parametrize("word", ["released.1", "released.a.b.c.d", "released.1.2.3.4.5", "freed"])
def test_what_no_page_of_ours_has_set_says_nothing(word: str) -> None:
    assert words.done(word) is None
