"""What a value means, however a program writes it; each line was seen in the field."""

from typing import Any

import pytest

from domain.json_value import JsonValue
from domain.lead import RULES
from domain.lead_body.values import address_in
from tests.domain.lead_body.bodies import errors_of, read

INVISIBLE = "".join(
    map(
        chr,
        [
            *(0xAD, 0x34F, 0x61C, 0x115F, 0x180E, 0x200B, 0x200C, 0x200D, 0x200E, 0x202A, 0x202E),
            *(0x2060, 0x2066, 0x2800, 0x3164, 0xFE0F, 0xFEFF, 0xFFA0, 0xFFF9, 0xE0020, 0xE0100),
        ],
    )
)


@pytest.mark.parametrize(
    ("field", "sent", "meant"),
    [
        # PHP
        ("attributes", [], {}),
        ("utm", [], {}),
        ("page_trail", {}, ()),
        ("phone", False, None),
        ("source_url", False, None),
        ("referrer", False, None),
        ("page_trail", {"0": "/", "2": "/pricing"}, ("/", "/pricing")),
        ("page_trail", {"10": "/c", "9": "/b", "0": None}, ("/b", "/c")),
        # Spreadsheets and form builders
        ("phone", 442079460958, "442079460958"),
        ("phone", 1234567, "1234567"),
        ("phone", 123456789012345, "123456789012345"),
        # JavaScript
        ("page_trail", [None, "/pricing", None, "/contact"], ("/pricing", "/contact")),
        ("page_trail", [None], ()),
        ("page_trail", "/pricing", ("/pricing",)),
        ("page_trail", "https://example.com/", ("https://example.com/",)),
        ("page_trail", "http://example.com/", ("http://example.com/",)),
        ("utm", "utm_source=google&utm_medium=cpc", {"utm_source": "google", "utm_medium": "cpc"}),
        ("utm", "?utm_source=a%20b&x=", {"utm_source": "a b", "x": ""}),
        ("utm", "#utm_source=a", {"utm_source": "a"}),
        ("utm", "https://example.com/p?utm_source=a#top=1", {"utm_source": "a"}),
        ("utm", "utm_term=a?b&utm_term=c#d", {"utm_term": ["a?b", "c#d"]}),
        ("utm", "utm_term=caf%E9&utm_id=1", {"utm_term": "café", "utm_id": "1"}),
        # Automation, which maps an object into a text
        ("attributes", '{"budget":5000,"tags":["a"]}', {"budget": 5000, "tags": ["a"]}),
        ("attributes", ' {"a":"\\u0000b\\ud83d"} ', {"a": "b\ufffd"}),
        ("attributes", '{"n":9007199254740993}', {"n": 9007199254740993}),
    ],
)
def test_what_differs_only_in_how_it_is_written_is_taken_as_it_is_meant(
    field: str, sent: JsonValue, meant: Any
) -> None:
    assert getattr(read({field: sent}), field) == meant


@pytest.mark.parametrize(
    ("field", "sent"),
    [
        ("phone", True),
        ("phone", 123456),
        ("phone", -442079460958),
        ("phone", 1234567890123456),
        ("phone", 442079460958.5),
        ("phone", []),
        ("name", False),
        ("email", False),
        ("name", 1234567),
        ("page_trail", "pricing"),
        ("page_trail", {"0": "/", "x": "/pricing"}),
        ("page_trail", {"0": 1}),
        ("utm", "google"),
        ("utm", "&".join(f"k{n}=1" for n in range(201))),
        ("attributes", "[1]"),
        ("attributes", '{"a":1} more'),
        ("attributes", '{"a":NaN}'),
        ("attributes", '{"a":1e400}'),
        ("attributes", "{" * 100_000),
        ("attributes", '{"a":' * 5_000 + "1" + "}" * 5_000),
        ("attributes", "budget=5000"),
    ],
)
def test_every_other_wrong_type_is_wrong(field: str, sent: JsonValue) -> None:
    assert list(errors_of({field: sent})) == [field]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"a":' * 9 + "1" + "}" * 9, "deeper"),
        ('{"a":98765432109876543210}', "64 bits"),
        ("{" + ",".join(f'"k{n}":1' for n in range(2001)) + "}", "2,000 keys"),
    ],
)
def test_an_object_in_a_text_keeps_to_the_same_bounds(text: str, says: str) -> None:
    assert says in errors_of({"attributes": text})["attributes"]


@pytest.mark.parametrize(
    "text", [f"{INVISIBLE}ada@example.com{INVISIBLE}", "ada@exa\u00admple.com"]
)
def test_what_is_invisible_in_an_address_is_left_out(text: str) -> None:
    assert read({"email": text}).email == "ada@example.com"


@pytest.mark.parametrize("character", INVISIBLE)
def test_what_is_invisible_elsewhere_is_kept(character: str) -> None:
    assert read({"name": f"A{character}da"}).name == f"A{character}da"


@pytest.mark.parametrize(
    "text",
    [
        "mailto:ada@example.com",
        "MAILTO:ada@example.com?subject=Hello",
        "Ada Lovelace <ada@example.com>",
        "<ada@example.com>",
        '"Lovelace, Ada" <ada@example.com>,',
        "ada@example.com.",
        "ada@example.com ;",
        "ada@example.com,",
    ],
)
def test_an_address_is_unwrapped_only_if_it_is_read_leniently(text: str) -> None:
    assert address_in(text, lenient=True) == "ada@example.com"
    assert address_in(text, lenient=False) == text


def test_an_address_in_place_of_utm_is_kept_whole_beside_its_parameters() -> None:
    address = "https://example.com/p?utm_source=a#top"

    details = read({"utm": address})

    assert details.utm == {"utm_source": "a"}
    assert details.attributes == {"utm": address}


def test_every_field_has_a_rule_by_which_it_is_read() -> None:
    assert {name: getattr(read({name: None}), name) for name in RULES} == {
        "attributes": {},
        "utm": {},
        "page_trail": (),
        **dict.fromkeys(("name", "email", "phone", "source_url", "referrer")),
    }
