import json
from typing import Any

import pytest

from domain.lead import LeadDetails
from domain.leads.filling import (
    FILLED_WHOLE,
    LARGEST_FILLED_BYTES,
    MOST_ATTRIBUTES,
    filled,
    names_said,
    to_fill,
)

WHOLE = LeadDetails(
    name="Ada",
    email="ada@example.com",
    phone="+44 20 7946 0000",
    attributes={"$where": 1, "a.b": None},
    source_url="https://example.com/",
    referrer="https://example.org/",
    utm={"utm_source": "x"},
    page_trail=("/", "/pricing"),
).present()


def numbered(count: int, of: str = "key") -> dict[str, Any]:
    return {f"{of} {number}": of for number in range(count)}


@pytest.mark.parametrize("name", FILLED_WHOLE)
def test_what_a_lead_does_not_say_is_taken_as_it_is_and_what_it_says_stays(name: str) -> None:
    known = {one: value for one, value in WHOLE.items() if one != name}

    assert to_fill(known, WHOLE) == {name: WHOLE[name]}
    assert to_fill(known | {name: "its own"}, WHOLE) == {}


def test_all_but_the_pages_that_were_seen_is_taken_by_who_says_nothing() -> None:
    taken = to_fill({}, WHOLE)

    assert taken == {name: value for name, value in WHOLE.items() if name != "page_trail"}
    assert filled({}, taken) == taken


def test_of_attributes_each_is_taken_that_is_lacking_also_where_one_says_nothing() -> None:
    known = {"name": "Ada", "attributes": {"a": None, "b": 1}}
    taken = to_fill(known, {"attributes": {"a": 2, "b": 2, "": None, "$c.d": [1]}})

    assert taken == {"attributes": {"": None, "$c.d": [1]}}
    assert filled(known, taken) == {
        "name": "Ada",
        "attributes": {"a": None, "b": 1, "": None, "$c.d": [1]},
    }


def test_what_was_taken_is_not_taken_again() -> None:
    for known in ({}, {"attributes": {"a.b": 1}}, {"utm": {"a": "b"}}):
        assert to_fill(filled(known, to_fill(known, WHOLE)), WHOLE) == {}


@pytest.mark.parametrize(
    ("known", "taken"), [(0, 200), (MOST_ATTRIBUTES - 1, 1), (MOST_ATTRIBUTES, 0), (300, 0)]
)
def test_a_lead_with_many_attributes_takes_no_more(known: int, taken: int) -> None:
    found = to_fill(
        {"attributes": numbered(known)}, {"name": "Ada", "attributes": numbered(300, "later")}
    )

    assert found.pop("name") == "Ada"
    assert found.get("attributes", {}) == numbered(taken, "later")


@pytest.mark.parametrize("letter", ["x", "é", "\N{GRINNING FACE}", "\ud800"])
def test_what_is_too_large_is_not_taken(letter: str) -> None:
    room = LARGEST_FILLED_BYTES - len(json.dumps({"key": ""}))
    fitting = letter * (room // len(letter.encode(errors="surrogatepass")))

    assert to_fill({}, {"attributes": {"key": fitting}}) == {"attributes": {"key": fitting}}
    assert to_fill({}, {"attributes": {"key": fitting + "xxxx", "small": 1}}) == {
        "attributes": {"small": 1}
    }
    assert to_fill({}, {"utm": {"a": fitting}}) == {}


def test_nothing_that_it_is_given_is_changed() -> None:
    known = {"attributes": {"a": 1}}
    later = {"attributes": {"b": 1}}

    filled(known, to_fill(known, later))

    assert (known, later) == ({"attributes": {"a": 1}}, {"attributes": {"b": 1}})


AD, PRODUCT = frozenset({"source_url", "ad", "click", "text"}), frozenset({"catalogue", "product"})


@pytest.mark.parametrize(
    ("known", "taken"),
    [
        ({"name": "Ada"}, {"ad", "click", "source_url"}),
        ({"attributes": {"text": "of another ad"}}, set()),
        ({"source_url": "https://example.com/of/another"}, set()),
        ({"attributes": {"ad": 1}}, {"click", "source_url"}),
        ({"source_url": "https://example.com/", "attributes": {"ad": 1}}, {"click"}),
        ({"source_url": "https://example.com/", "attributes": {"ad": 2}}, set()),
        ({"attributes": {"product": 1, "other": 2}}, {"ad", "click", "source_url"}),
    ],
)
def test_what_belongs_together_is_taken_whole_or_not_at_all(
    known: dict[str, Any], taken: set[str]
) -> None:
    later = {"source_url": "https://example.com/", "attributes": {"ad": 1, "click": 2, "other": 3}}

    found = to_fill(known, later, (AD, PRODUCT))

    assert set(names_said(found)) & AD == taken
    assert "other" in {*names_said(found), *known.get("attributes", {})}


def test_of_two_sets_each_is_looked_at_by_itself() -> None:
    known = {"attributes": {"catalogue": 1}}
    later = {"attributes": {"catalogue": 2, "product": 2, "ad": 2}}

    assert to_fill(known, later, (AD, PRODUCT)) == {"attributes": {"ad": 2}}


def test_a_set_of_which_one_is_too_large_or_has_no_room_is_left_out_whole() -> None:
    large = {"attributes": {"ad": "x" * LARGEST_FILLED_BYTES, "click": 1, "other": 2}}
    nearly_full = {"attributes": numbered(MOST_ATTRIBUTES - 1)}

    assert to_fill({}, large, (AD,)) == {"attributes": {"other": 2}}
    assert to_fill(nearly_full, {"attributes": {"ad": 1, "click": 2, "other": 3}}, (AD,)) == {
        "attributes": {"other": 3}
    }
