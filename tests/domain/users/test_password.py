import pytest

from domain.users.password import chosen_password, typed_password
from domain.users.refusals import WeakPassword


@pytest.mark.parametrize("typed", ["ten characters"[:10], " " * 10, "é" * 10, "x" * 1000])
def test_a_password_of_ten_characters_or_more_can_be_chosen(typed: str) -> None:
    assert chosen_password(typed) == typed


@pytest.mark.parametrize("typed", ["", "ninechars", "e\u0301" * 9, "x" * 1001])
def test_a_shorter_one_or_a_whole_book_cannot(typed: str) -> None:
    with pytest.raises(WeakPassword):
        chosen_password(typed)


def test_an_accent_is_the_same_however_a_keyboard_writes_it() -> None:
    assert typed_password("cafe\u0301") == typed_password("caf\u00e9")
