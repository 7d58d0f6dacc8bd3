import hashlib
import json
import string
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.api_key import (
    REPLACED,
    digest_of,
    has_shape,
    hint_of,
    is_well_formed,
    new_key,
    without_keys,
)
from tests.support.builders import NOW, a_key, a_project

LETTERS = string.ascii_letters + string.digits
KEY = new_key()
LENGTH = len("swk_") + 27 + 6


@given(st.builds(new_key, st.none() | st.binary(min_size=1)))
def test_a_new_key_is_well_formed(key: str) -> None:
    assert is_well_formed(key)
    assert len(key) == LENGTH
    assert key.startswith("swk_")
    assert set(key.removeprefix("swk_")) <= set(LETTERS)


@given(st.builds(new_key) | st.text(max_size=LENGTH + 1) | st.just("swk_" + "ë" * 33))
def test_what_is_well_formed_has_the_shape(text: str) -> None:
    assert has_shape(text) or not is_well_formed(text)
    assert has_shape(KEY[:-1] + "0")
    assert not has_shape(KEY + "0")


def test_new_keys_differ() -> None:
    assert len({new_key() for _ in range(1000)}) == 1000


def test_a_key_carries_at_least_160_random_bits() -> None:
    assert len(LETTERS) ** 27 >= 2**160


@given(key=st.builds(new_key), place=st.integers(0, LENGTH - 1), data=st.data())
def test_a_key_with_one_character_changed_is_garbage(
    key: str, place: int, data: st.DataObject
) -> None:
    other = data.draw(st.sampled_from([c for c in LETTERS if c != key[place]]))

    assert not is_well_formed(key[:place] + other + key[place + 1 :])


@given(key=st.builds(new_key), place=st.integers(4, LENGTH - 2))
def test_a_key_with_two_neighbours_swapped_is_garbage(key: str, place: int) -> None:
    swapped = key[:place] + key[place + 1] + key[place] + key[place + 2 :]

    assert is_well_formed(swapped) is (swapped == key)


@pytest.mark.parametrize(
    "garbage",
    [
        "",
        " ",
        "swk_",
        KEY[:-1],
        KEY + "a",
        KEY + "\n",
        KEY + "\0",
        " " + KEY,
        KEY.upper(),
        KEY.removeprefix("swk_"),
        KEY.replace("swk_", "swk-"),
        "swk_" + "0" * 33 + "0",
        "swk_" + "0" * 27 + "000001",
        KEY[:-1] + "\udcff",
        KEY[:-1] + "а",  # noqa: RUF001  a Cyrillic a
        KEY[:-1] + "٣",
        "\ufffd\ufffd",
        "a\0b\r\nX",
        KEY * 300,
    ],
    ids=lambda _: "garbage",
)
def test_garbage_is_not_well_formed(garbage: str) -> None:
    assert not is_well_formed(garbage)


@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_no_text_whatever_raises(text: str) -> None:
    assert is_well_formed(text) in (True, False)
    assert is_well_formed("swk_" + text) in (True, False)


def test_a_key_is_looked_up_by_its_sha_256() -> None:
    assert digest_of(KEY) == hashlib.sha256(KEY.encode()).digest()


def test_four_characters_of_a_key_may_be_shown() -> None:
    assert hint_of(KEY) == KEY[-4:]


@pytest.mark.parametrize(
    ("channel_of_key", "door", "opens"),
    [
        (None, None, True),
        (None, "whatsapp", True),
        ("whatsapp", "whatsapp", True),
        ("whatsapp", "telegram", False),
        ("whatsapp", None, False),
    ],
)
def test_a_channels_key_opens_that_webhook_alone_and_an_ordinary_key_every_door(
    channel_of_key: str | None, door: str | None, opens: bool
) -> None:
    key = a_key(a_project(), channel=channel_of_key)

    assert key.opens(door) is opens


@pytest.mark.parametrize("fields", [{}, {"channel": "whatsapp"}, {"for_page": True}])
@pytest.mark.parametrize("door", [None, "whatsapp"])
def test_a_revoked_key_opens_no_door(fields: dict[str, Any], door: str | None) -> None:
    key = a_key(a_project(), revoked_at=NOW, **fields)

    assert not key.opens(door)


def test_a_page_key_opens_the_lead_path_and_no_webhook() -> None:
    key = a_key(a_project(), for_page=True)

    assert key.opens(None)
    assert not any(key.opens(channel) for channel in ("whatsapp", "google_ads", ""))


@pytest.mark.parametrize(
    ("fields", "door", "obstacle"),
    [
        ({"revoked_at": NOW}, None, "The key was revoked."),
        ({"revoked_at": NOW, "for_page": True}, "whatsapp", "The key was revoked."),
        ({"for_page": True}, "whatsapp", "It is a page's key, and this is a webhook."),
        (
            {"channel": "whatsapp"},
            None,
            "It is the key of the webhook of whatsapp, and opens nothing else.",
        ),
        ({}, None, None),
    ],
)
def test_why_a_key_does_not_open_a_door_is_a_sentence(
    fields: dict[str, Any], door: str | None, obstacle: str | None
) -> None:
    assert a_key(a_project(), **fields).obstacle(door) == obstacle


def test_a_key_is_for_a_page_only_if_it_was_made_so() -> None:
    assert not a_key(a_project()).for_page


def test_a_channels_key_is_never_one_for_a_page() -> None:
    with pytest.raises(ValueError, match="never one for a page"):
        a_key(a_project(), channel="whatsapp", for_page=True)


WRITTEN: dict[str, Callable[[str], str]] = {
    "as it is": lambda key: key,
    "its first letter escaped": lambda key: r"\u0073" + key[1:],
    "every letter escaped": lambda key: "".join(rf"\u{ord(letter):04x}" for letter in key),
    "in capitals": lambda key: "".join(rf"\u{ord(letter):04X}" for letter in key),
    "with NUL, which no store keeps": r"\u0000".join,
    "behind another letter": lambda key: f"x{key}x",
    "behind what begins like a key": lambda key: rf"swk_swk\u005f{key[4:]}",
    "behind backslashes": lambda key: rf"\\\\\u0073{key[1:]}",
}


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN.keys())
def test_a_key_in_a_body_is_replaced_however_json_writes_it(
    written: Callable[[str], str],
) -> None:
    key = new_key()

    body = without_keys(f'{{"a": "{written(key)}", "b": "é"}}'.encode())

    assert REPLACED in body
    assert json.loads(body)["a"].replace("\0", "").removeprefix("swk_").strip("x\\") == (
        REPLACED.decode()
    )
    assert json.loads(body)["b"] == "é"


@pytest.mark.parametrize("begins", ["swk_", r"\u0073wk_"])
def test_a_key_is_replaced_that_begins_inside_of_what_only_looks_like_one(begins: str) -> None:
    looks_like = begins + "A" * 30

    assert without_keys(f"{looks_like}{new_key()}".encode()) == looks_like.encode() + REPLACED


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32"])
def test_a_key_in_a_body_of_another_encoding_is_replaced(encoding: str) -> None:
    key = new_key()

    body = without_keys(f'{{"a": "{key}"}}'.encode(encoding))

    assert REPLACED in body
    assert key[4:].encode() not in body.replace(b"\0", b"")


def test_a_key_in_the_body_of_a_form_is_replaced() -> None:
    assert without_keys(new_key().replace("_", "%5F").encode()) == REPLACED


@pytest.mark.parametrize(
    "text",
    ["swk_" + "a" * 33, r"caf\u00e9", r"\\u0073" + new_key()[1:]],
    ids=["of the right length", "another character", "the text of an escape"],
)
def test_what_is_no_key_stays_as_it_was_sent(text: str) -> None:
    body = f'{{"a": "{text}"}}'.encode()

    assert without_keys(body) == body


def test_every_key_in_a_body_is_replaced_whatever_bytes_are_around_it() -> None:
    keys = [new_key().encode() for _ in range(3)]

    assert (
        without_keys(b"\xff".join(keys) + keys[0])
        == REPLACED + b"\xff" + REPLACED + b"\xff" + 2 * REPLACED
    )
