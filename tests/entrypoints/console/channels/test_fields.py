"""A channel's settings as fields of a form."""

from collections.abc import Sequence
from typing import Any

import pytest

from domain.channel import ChannelSetting
from domain.delivery import LONGEST_RECIPIENT
from entrypoints.console.channels.fields import help_of, label, misfits, some_of, typed
from entrypoints.console.frame.forms import Form


def a_setting(**fields: Any) -> ChannelSetting:
    return ChannelSetting(**({"name": "boxes", "help": "numbers of post boxes"} | fields))


def a_form(text: str) -> Form:
    return Form({"set_boxes": [text]})


def test_a_setting_is_called_as_people_write() -> None:
    assert label("phone_number_ids") == "Phone number ids"


def test_the_help_is_a_sentence_and_says_how_several_are_written() -> None:
    assert help_of(a_setting()) == "Numbers of post boxes."
    assert help_of(a_setting(at_most=2)) == "Numbers of post boxes. One to a line."
    assert help_of(a_setting(at_most=2, secret=True)) == "Numbers of post boxes."


@pytest.mark.parametrize(
    ("fields", "text", "values"),
    [
        ({}, " 1,2 \r\n", ["1,2"]),
        ({}, "  ", []),
        ({"at_most": 3}, "1\r\n\r\n 2 , 3", ["1", "2", "3"]),
        ({"at_most": 2, "secret": True}, " one,two ", ["one,two"]),
    ],
)
def test_values_are_read_as_people_type_them(
    fields: dict[str, Any], text: str, values: Sequence[str]
) -> None:
    assert typed(a_setting(**fields), a_form(text)) == values


@pytest.mark.parametrize(
    ("fields", "text", "said"),
    [
        ({"pattern": "[0-9]+"}, "<b>", "“<b>” does not fit."),
        ({"pattern": "[0-9]+", "at_most": 9}, f"1\n{'x' * 99}", f"“{'x' * 39}…” does not fit."),
        ({"pattern": "[0-9]+"}, "\u202e12", "“\ufffd12” does not fit."),
        ({"at_most": 2}, "1\n2\n3", "these are 3, and there is room for 2 values."),
        ({"at_most": 2, "recipients": True}, "9" * (LONGEST_RECIPIENT + 1), "is longer than"),
    ],
)
def test_what_does_not_fit_is_named(fields: dict[str, Any], text: str, said: str) -> None:
    [(name, sentence)] = misfits([a_setting(**fields)], a_form(text)).items()

    assert name == "set_boxes"
    assert sentence.startswith("Boxes: ")
    assert said in sentence


def test_a_secret_that_does_not_fit_is_not_repeated() -> None:
    setting = a_setting(pattern="[a-z]{8}", secret=True)
    [sentence] = misfits([setting], a_form("half of it")).values()

    assert "half" not in sentence


def test_of_many_texts_some_are_named() -> None:
    assert some_of(["1", "2"]) == "1, 2"
    assert some_of([*map(str, range(12))]) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more"
