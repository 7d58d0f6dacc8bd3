"""What a setting of a channel takes."""

import pytest

from domain.channel import ChannelSetting


@pytest.mark.parametrize(
    ("value", "is_the_only_one", "is_one_of_several"),
    [
        ("!-~", True, True),
        ("+-.", True, True),
        ("x" * 500, True, True),
        ("one,two", True, False),
        (",", True, False),
        ("x" * 501, False, False),
        ("", False, False),
        ("two words", False, False),
        ("line\n", False, False),
        ("é", False, False),
    ],
)
def test_a_setting_without_a_pattern_takes_visible_ascii_and_of_several_values_no_comma(
    value: str, is_the_only_one: bool, is_one_of_several: bool
) -> None:
    assert ChannelSetting(name="a", help="h").takes(value) is is_the_only_one
    for several in (2, 100):
        setting = ChannelSetting(name="a", help="h", at_most=several)
        assert setting.takes(value) is is_one_of_several


def test_a_pattern_is_about_the_whole_value() -> None:
    setting = ChannelSetting(name="a", help="h", pattern=r"\w{3}")

    assert setting.takes("abc")
    assert not setting.takes("abcd")
    assert not setting.takes("äbc")
