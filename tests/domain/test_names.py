import re

import pytest

from domain.names import did_you_mean, folded

KNOWN = ["Acme Ltd", "ACME Lab", "Acme Lux", "Acme Log", "Großhandel", "Beta"]


@pytest.mark.parametrize("typed", ["grosshandel", " GROSSHANDEL ", "Großhandel\n"])
def test_case_and_blanks_around_a_name_do_not_matter(typed: str) -> None:
    assert folded(typed) == folded("Großhandel")


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("bete", " Did you mean 'Beta'?"),
        ("großhandle", " Did you mean 'Großhandel'?"),
        ("nothing of the kind", ""),
        ("", ""),
    ],
)
def test_an_alike_name_is_asked_for(typed: str, asked: str) -> None:
    assert did_you_mean(typed, KNOWN) == asked


def test_of_many_alike_names_three_are_asked_for() -> None:
    asked = did_you_mean("acme l", KNOWN)

    assert re.fullmatch(r" Did you mean '[^']+', '[^']+' or '[^']+'\?", asked)


def test_two_names_are_asked_for_in_one_question() -> None:
    assert did_you_mean("wattsap", ["whatsapp", "whatsup", "google_ads"]) == (
        " Did you mean 'whatsapp' or 'whatsup'?"
    )


def test_without_names_nothing_is_asked() -> None:
    assert did_you_mean("acme", []) == ""
