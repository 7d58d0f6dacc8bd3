"""
What every `SecretBox` does.

Subclass and provide `box`, `same_box` (another process's, with the same key) and
`other_box` (with another key).
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.ports.secret_box import SecretBox
from domain.errors import StoreUnusable
from entrypoints.channel_contract.examples import FEW_EXAMPLES

SECRET = "0123456789abcdef0123456789abcdef"


class SecretBoxContract:
    def test_what_was_locked_is_unlocked_by_every_process_with_the_key(
        self, box: SecretBox, same_box: SecretBox
    ) -> None:
        locked = box.lock(SECRET)

        assert box.unlock(locked) == same_box.unlock(locked) == SECRET

    @FEW_EXAMPLES
    @given(secret=st.text())
    def test_any_text_can_be_a_secret(self, box: SecretBox, secret: str) -> None:
        locked = box.lock(secret)

        assert locked.isascii()
        assert locked.isprintable()
        assert " " not in locked
        assert box.unlock(locked) == secret

    def test_a_locked_secret_cannot_be_read_or_compared(self, box: SecretBox) -> None:
        locked, again = box.lock(SECRET), box.lock(SECRET)

        assert SECRET not in locked
        assert locked != again

    def test_a_box_with_another_key_does_not_open_it(
        self, box: SecretBox, other_box: SecretBox
    ) -> None:
        with pytest.raises(StoreUnusable):
            other_box.unlock(box.lock(SECRET))

    def test_what_was_altered_is_not_unlocked(self, box: SecretBox) -> None:
        locked = box.lock(SECRET)

        for place in range(0, len(locked) - 4, 7):
            letter = "A" if locked[place] != "A" else "B"
            with pytest.raises(StoreUnusable):
                box.unlock(locked[:place] + letter + locked[place + 1 :])

    @pytest.mark.parametrize("odd", ["", "plain", "gAAAAA", "ключ", "nul\0", "=" * 100])
    def test_what_was_never_locked_is_not_unlocked(self, box: SecretBox, odd: str) -> None:
        box.lock(SECRET)

        with pytest.raises(StoreUnusable) as caught:
            box.unlock(odd)

        assert SECRET not in str(caught.value)
