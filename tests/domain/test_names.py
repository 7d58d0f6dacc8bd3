import re

import pytest

from domain.names import did_you_mean, folded, invisible_in

KNOWN = ["Acme Ltd", "ACME Lab", "Acme Lux", "Acme Log", "Großhandel", "Beta"]


@pytest.mark.parametrize("typed", ["grosshandel", " GROSSHANDEL ", "Großhandel\n"])
def test_case_and_blanks_around_a_name_do_not_matter(typed: str) -> None:
    assert folded(typed) == folded("Großhandel")


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("bete", " Did you mean 'Beta'?"),
        ("großhandle", " Did you mean 'Großhandel'?"),
        ("gross", " Did you mean 'Großhandel'?"),
        ("gr", ""),
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


def test_names_that_differ_in_case_alone_are_both_asked_for() -> None:
    assert did_you_mean("shops", ["Shop", "shop"]) == " Did you mean 'Shop' or 'shop'?"


def test_without_names_nothing_is_asked() -> None:
    assert did_you_mean("acme", []) == ""


@pytest.mark.parametrize(
    "number",
    [
        *[0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)],  # they turn text
        *[0xAD, 0x34F, 0x115F, 0x200B, 0x2028, 0x2029, 0x2060, 0x2800, 0x3164, 0xFEFF],
    ],
)
def test_a_character_that_nobody_sees_is_found_and_named(number: int) -> None:
    assert invisible_in(f"Ac{chr(number)}me").startswith(f"U+{number:04X}")


def test_it_is_named_in_unicodes_words() -> None:
    assert invisible_in("a\u202eb\u200e") == "U+202E RIGHT-TO-LEFT OVERRIDE"


@pytest.mark.parametrize(
    "name", ["Acme Ltd", "می\u200cروم", "👨\u200d👩\u200d👧", "שלום", "☎\ufe0f"]
)
def test_a_name_in_any_script_may_have_what_it_needs(name: str) -> None:
    assert invisible_in(name) == ""
