"""Named strings of a lead are trimmed, measured, and kept as they were sent."""

import contextlib

import pytest

from domain.json_value import JsonValue
from domain.lead_validation import read_details
from domain.refusals import InvalidLead
from tests.domain.lead_bodies import TEXTS, errors_of, read

NOT_TEXT = [True, False, 0, 1, 1.5, [], ["a@b.c"], {}, {"$gt": ""}]


@pytest.mark.parametrize("field", [*TEXTS, "email"])
def test_a_named_string_is_trimmed(field: str) -> None:
    assert getattr(read({field: " \t\n\u00a0a@b c \r\n"}), field) == "a@b c"
    assert getattr(read({field: " \t\n\u3000 "}), field) is None


@pytest.mark.parametrize(("field", "limit"), TEXTS.items())
def test_a_text_may_be_as_long_as_its_limit_and_no_longer(field: str, limit: int) -> None:
    assert getattr(read({field: " " + "x" * limit + " "}), field) == "x" * limit
    assert errors_of({field: "x" * (limit + 1)}) == {
        field: f"must not be longer than {limit} characters"
    }


def test_an_email_may_have_255_characters_and_no_more() -> None:
    assert read({"email": "@" * 255}).email == "@" * 255
    assert set(errors_of({"email": "@" * 256})) == {"email"}


@pytest.mark.parametrize("character", ["ä", "漢", "😀", "\u0301"])
def test_characters_are_counted_as_code_points(character: str) -> None:
    assert read({"name": "e" + character * 254}).name == "e" + character * 254
    assert set(errors_of({"name": "e" + character * 255})) == {"name"}


@pytest.mark.parametrize(
    "text",
    [
        "محمد",
        "山田太郎",
        "😀",
        "a\u202eb",
        "<script>alert(1)</script>",
        "Robert'); DROP TABLE--",
        '=HYPERLINK("http://x")',
        "+1 (555) 010-9999 ext 5",
        "٠١٢٣",
        "javascript:alert(1)",
        "//x",
        "http://user:pass@169.254.169.254/",
    ],
)
@pytest.mark.parametrize("field", TEXTS)
def test_a_text_is_kept_as_it_was_sent(field: str, text: str) -> None:
    assert getattr(read({field: text}), field) == text


@pytest.mark.parametrize("value", NOT_TEXT)
@pytest.mark.parametrize("field", [*TEXTS, "email"])
def test_what_is_not_a_string_is_no_text(field: str, value: JsonValue) -> None:
    assert errors_of({field: value}) == {field: "must be a string"}


def test_an_email_is_judged_after_trimming_by_whoever_knows_the_rules() -> None:
    asked: list[str] = []

    def is_email(text: str) -> bool:
        asked.append(text)
        return False

    with pytest.raises(InvalidLead) as refused:
        read_details({"email": " ada ", "name": "Ada"}, is_email)

    assert asked == ["ada"]
    assert [(e.field, e.message) for e in refused.value.errors] == [
        ("email", "must be an e-mail address")
    ]


@pytest.mark.parametrize("email", [None, "", "  ", "@" * 256, 1, ["a@b.c"]])
def test_what_cannot_be_an_email_is_not_given_to_the_judge(email: JsonValue) -> None:
    asked: list[str] = []

    with contextlib.suppress(InvalidLead):
        read_details({"email": email}, lambda text: bool(asked.append(text)))

    assert asked == []
