"""From the body of a call to the fields of a lead."""

import contextlib
import json
from typing import Any

import pytest

from domain.api_key import is_well_formed, new_key
from domain.json_value import JsonValue
from domain.lead import LeadDetails
from domain.lead_body.reading import read_lead
from domain.refusals import InvalidLead
from tests.domain.lead_body.bodies import TEXTS, errors_of, read


def test_an_empty_object_is_a_lead() -> None:
    assert read({}) == LeadDetails()


def test_every_field_is_read() -> None:
    details = read(
        {
            "name": "Ada",
            "email": "ada@example.com",
            "phone": "+44 20 7946 0000",
            "attributes": {"plan": "pro"},
            "source_url": "https://example.com/",
            "referrer": "https://example.org/",
            "utm": {"utm_source": "x", "utm_medium": "y"},
            "page_trail": ["/", "/pricing"],
        }
    )

    assert details == LeadDetails(
        name="Ada",
        email="ada@example.com",
        phone="+44 20 7946 0000",
        attributes={"plan": "pro"},
        source_url="https://example.com/",
        referrer="https://example.org/",
        utm={"utm_source": "x", "utm_medium": "y"},
        page_trail=("/", "/pricing"),
    )


@pytest.mark.parametrize("absent", [None, ""])
def test_null_and_the_empty_string_count_as_absent_in_every_field(absent: JsonValue) -> None:
    names = (*TEXTS, "email", "attributes", "utm", "page_trail")

    assert read(dict.fromkeys(names, absent)) == LeadDetails()


def test_nothing_but_the_named_strings_is_trimmed() -> None:
    body = {"attributes": {" k ": " v "}, "utm": {"a": " "}, "page_trail": [" ", ""], "x": " y "}

    details = read(body)

    assert details.attributes == {" k ": " v ", "x": " y "}
    assert details.utm == {"a": " "}
    assert details.page_trail == (" ", "")


@pytest.mark.parametrize("value", [True, False, 0, 1.5, "x", " ", "{", "[1]", [1], [{}]])
@pytest.mark.parametrize("field", ["attributes", "utm"])
def test_what_is_not_an_object_is_no_object(field: str, value: JsonValue) -> None:
    assert errors_of({field: value}) == {field: "must be an object"}


@pytest.mark.parametrize("value", [True, False, 0, "x", {"a": "/"}, {"0": 1}, [1], [["/"]]])
def test_a_page_trail_is_an_array_of_strings(value: JsonValue) -> None:
    assert errors_of({"page_trail": value}) == {"page_trail": "must be an array of strings"}


def test_unknown_fields_are_kept_among_the_attributes() -> None:
    body = {
        "shoe_size": "ACME",
        "lead_id": 7,
        "_id": 1,
        "project_id": "prj_1",
        "captured_at": "now",
    }

    details = read({"name": "Ada", **body})

    assert details == LeadDetails(name="Ada", attributes=body)


@pytest.mark.parametrize("attributes", [None, ""])
def test_unknown_fields_are_kept_also_when_attributes_are_absent(attributes: JsonValue) -> None:
    assert read({"shoe_size": "ACME", "attributes": attributes}).attributes == {"shoe_size": "ACME"}


def test_an_explicit_attribute_keeps_its_name_and_the_unknown_field_is_kept_beside_it() -> None:
    body = {"plan": "outer", "other": 1, "attributes": {"plan": "inner", "own": 2}}

    assert read(body).attributes == {
        "plan (as sent)": "outer",
        "other": 1,
        "plan": "inner",
        "own": 2,
    }


def test_no_name_is_taken_twice_however_many_ask_for_it() -> None:
    body = {"a": 1, "a (as sent)": 2, "attributes": {"a": 3}}

    assert sorted(read(body).attributes.values()) == [1, 2, 3]


@pytest.mark.parametrize("key", ["$where", "a.b", "", "__proto__", "constructor", " ", "Message"])
def test_any_attribute_key_comes_back_unchanged(key: str) -> None:
    assert read({"attributes": {key: "v"}}).attributes == {key: "v"}
    assert read({key: "v"}).attributes == {key: "v"}
    assert read({"utm": {key: "v"}}).utm == {key: "v"}


def test_every_wrong_field_is_listed() -> None:
    errors = errors_of(
        {
            "name": "x" * 256,
            "email": "nobody",
            "phone": 5,
            "attributes": [1],
            "source_url": "x" * 2049,
            "referrer": {},
            "utm": "x",
            "page_trail": [1],
        }
    )

    assert list(errors) == [*LeadDetails.__dataclass_fields__]


NOT_TEXT = [True, 0, 1, 1.5, [], ["a@b.c"], {}, {"$gt": ""}]


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
        read_lead({"email": " ada ", "name": "Ada"}, is_email)

    assert asked == ["ada"]
    assert [(e.field, e.message) for e in refused.value.errors] == [
        ("email", "must be an e-mail address")
    ]


@pytest.mark.parametrize("email", [None, "", "  ", "@" * 256, 1, ["a@b.c"]])
def test_what_cannot_be_an_email_is_not_given_to_the_judge(email: JsonValue) -> None:
    asked: list[str] = []

    with contextlib.suppress(InvalidLead):
        read_lead({"email": email}, lambda text: bool(asked.append(text)))

    assert asked == []


@pytest.mark.parametrize(
    ("body", "read_as"),
    [
        ({"attributes": r'{"x": ["my \u0073wk_REST"]}'}, {"attributes": {"x": ["my KEY"]}}),
        ({"attributes": r'{"swk\u005fREST": 1}'}, {"attributes": {"KEY": 1}}),
        ({"utm": "utm_source=%73wk_REST"}, {"utm": {"utm_source": "KEY"}}),
        ({"email": "swk_\u200bREST@example.com"}, {"email": "KEY@example.com"}),
    ],
    ids=["JSON as text", "a name in it", "a query", "something invisible"],
)
def test_a_key_of_ours_that_only_reading_brings_to_light_is_replaced(
    body: dict[str, str], read_as: dict[str, Any]
) -> None:
    rest = new_key().removeprefix("swk_")
    sent = {name: text.replace("REST", rest) for name, text in body.items()}

    found = json.dumps(read(sent).present())

    assert found == json.dumps(read_as).replace("KEY", "[a key was here]")


def test_a_key_of_ours_that_a_name_is_in_small_letters_is_replaced() -> None:
    key = "swk_inthesesmallletters000000023b406u"

    assert read({f"utm_{key.upper()}": "x"}).utm == {"utm_[a key was here]": "x"}
    assert is_well_formed(key)
