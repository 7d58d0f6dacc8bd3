"""What the types have beyond the corpus: odd bodies, and what outweighs what."""

from typing import Any

import pytest

from adapters.whatsapp.message_text import (
    LONGEST_ANSWER,
    MOST_CARDS,
    MOST_NUMBERS,
    TEXTS,
    text_of,
    type_of,
)
from entrypoints.channel_contract.json_values import nested

ODD: list[Any] = [
    None,
    0,
    1.5,
    True,
    "",
    "\0",
    "text",
    [],
    [None],
    [[]],
    {},
    {"body": {}},
    nested(90),
]
A_CARD = {"name": {"last_name": "B"}, "phones": [{"phone": "+49 30 1"}]}


@pytest.mark.parametrize("kind", [*TEXTS, "unknown", "from 2030"])
def test_an_odd_body_has_no_text(kind: str) -> None:
    for odd in ODD:
        assert text_of({"type": kind, kind: odd}) is None


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ({"type": "image", "image": {"caption": "Look"}}, "Look"),
        ({"type": "document", "document": {"filename": "a.pdf"}}, "a.pdf"),
        ({"type": "document", "document": {"filename": "a.pdf", "caption": "A"}}, "A"),
        ({"type": "location", "location": {"address": "1 Main Street"}}, "1 Main Street"),
        ({"type": "location", "location": {"name": "A", "address": "B"}}, "A\nB"),
        ({"type": "button", "button": {"payload": "MORE"}}, "MORE"),
        ({"type": "interactive", "interactive": {"list_reply": {"title": "A"}}}, "A"),
        ({"type": "interactive", "interactive": {"nfm_reply": {"body": "Sent"}}}, "Sent"),
        ({"type": "contacts", "contacts": [{"name": {"last_name": "B"}}, 5, {}]}, "B"),
        ({"type": "contacts", "contacts": [{"phones": [{"phone": "+49 30 1"}]}]}, "+49 30 1"),
        ({"type": "contacts", "contacts": [{"phones": [{"wa_id": 4930123}]}]}, "4930123"),
        (
            {
                "type": "contacts",
                "contacts": [{"phones": [{"phone": "1"}, {"phone": "2"}]}, A_CARD],
            },
            "1, 2, B",
        ),
        (
            {"type": "interactive", "interactive": {"nfm_reply": {"response_json": {"a": [1]}}}},
            '{"a":[1]}',
        ),
        (
            {"type": "interactive", "interactive": {"product": {"product_retailer_id": "sku-1"}}},
            "sku-1",
        ),
        ({"type": "contacts", "contacts": [{"phones": [{"phone": 4930123}]}]}, "4930123"),
        ({"type": "interactive", "interactive": {"product": {"product_retailer_id": 7}}}, "7"),
        ({"type": "edit", "edit": {"message": {"type": "image", "image": {"caption": "C"}}}}, "C"),
        ({"type": "from 2030", "from 2030": {"caption": "D"}}, "D"),
        ({"type": "audio", "audio": {"voice": True}}, None),
        ({"type": "unsupported", "unsupported": {"type": "poll_creation"}}, None),
        ({"text": {"body": "no type"}}, "no type"),
    ],
)
def test_the_text_is_where_its_type_has_it(message: dict[str, Any], text: str | None) -> None:
    assert text_of(message) == text


def test_an_edit_of_an_edit_has_no_end_and_no_text() -> None:
    message: dict[str, Any] = {"type": "text", "text": {"body": "deep"}}
    for _ in range(3000):
        message = {"type": "edit", "edit": {"message": message}}

    assert text_of(message) is None


@pytest.mark.parametrize("odd", [None, "", "\0", 7, [], {}])
def test_a_type_that_is_none_is_unknown(odd: Any) -> None:
    assert type_of({"type": odd}) == "unknown"


def test_of_very_many_cards_and_of_a_very_long_answer_the_beginning_is_the_text() -> None:
    card = {"phones": [{"phone": "1"}] * 1_000}
    answer = {"nfm_reply": {"response_json": ['"' * 1_000_000]}}

    cards = text_of({"type": "contacts", "contacts": [card] * 1_000})
    said = text_of({"type": "interactive", "interactive": answer})

    assert cards == ", ".join(["1"] * MOST_CARDS * MOST_NUMBERS)
    assert said is not None
    assert len(said) == LONGEST_ANSWER
