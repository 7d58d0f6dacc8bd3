"""What is said of one held call."""

from typing import Any

import pytest

from domain.held import DOMAIN_NOT_ALLOWED, INVALID_JSON, NO_ROOM, VALIDATION_FAILED
from domain.lead import LeadDetails
from entrypoints.console.held.reasons import REASONS
from entrypoints.console.held.rows import read_of, row_of
from tests.entrypoints.cli.leads.held_calls import for_the_plan, line, refused

PROJECT = "prj_1"
ADA: dict[str, Any] = {"details": LeadDetails(name="Ada")}


def test_what_was_read_is_said_part_by_part_with_the_message() -> None:
    details = LeadDetails(name="Ada", attributes={"budget": 5, "tags": ["a"]}, page_trail=("/",))
    call = for_the_plan(PROJECT, 1, details=details)

    assert read_of(call) == [
        ("name", "Ada"),
        ("attributes.budget", "5"),
        ("attributes.tags", '["a"]'),
        ("page_trail", '["/"]'),
        ("message", "hello"),
    ]
    assert read_of(refused(PROJECT, 1)) == ()


def test_a_line_says_in_words_for_what_there_is_no_room() -> None:
    assert row_of(line(PROJECT, NO_ROOM, INVALID_JSON), {}).origin == REASONS[INVALID_JSON].title
    assert row_of(refused(PROJECT, 1, **ADA), {}).origin == "shop.example"


@pytest.mark.parametrize(
    ("origin", "code", "says"),
    [
        ("odd", DOMAIN_NOT_ALLOWED, "No address of a page"),
        ("null", VALIDATION_FAILED, "A page that hides its address"),
        (None, DOMAIN_NOT_ALLOWED, "It names no page"),
        (None, VALIDATION_FAILED, ""),
    ],
)
def test_what_names_no_page_is_said_in_words(origin: str | None, code: str, says: str) -> None:
    assert row_of(refused(PROJECT, 1, code, origin=origin, **ADA), {}).origin == says
