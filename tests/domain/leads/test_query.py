"""What a text finds in a lead, and which sums a query may be about."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.lead import Lead, LeadDetails
from domain.leads.query import UNKNOWN, LeadQuery
from domain.leads.sums import OTHERS, Chunk, Sum
from tests.support.builders import NOW

DETAILS = LeadDetails(
    name="Zoë Straße", email="Zoe@Example.com", phone="+49 (170) 123-45", attributes={"n": "note"}
)


def query(**wanted: Any) -> LeadQuery:
    return LeadQuery(project_id="p", **wanted)


def a_lead(details: LeadDetails) -> Lead:
    return Lead(
        project_id="p", lead_id=17, channel="rest", captured_at=NOW, request_id="r", details=details
    )


@pytest.mark.parametrize(
    "text",
    [
        "zoë",
        "ZOË",
        " straße ",
        "STRASSE",
        "@example",
        "170) 123",
        "4917012",
        "+49 170",
        "0170 12345",
        "0049 170",
        "17",
        "#17",
    ],
)
def test_a_text_finds_a_part_of_a_contact_or_the_number(text: str) -> None:
    assert query(text=text).finds_in(a_lead(DETAILS))


@pytest.mark.parametrize("text", ["note", "zoe straße", "4917013", "000", "#18", "++"])
def test_a_text_finds_nothing_else(text: str) -> None:
    assert not query(text=text).finds_in(a_lead(DETAILS))


def test_who_left_a_contact_is_not_without_one() -> None:
    assert not query(without_contact=True).finds_in(a_lead(DETAILS))
    assert query(without_contact=True).finds_in(a_lead(LeadDetails(source_url="https://a.b")))


DAY = date(2026, 11, 3)
NAMED = Sum(DAY, "rest", "google", "Spring", 2)


@pytest.mark.parametrize(
    ("wanted", "may"),
    [
        ({}, True),
        ({"channel": "rest", "source": "google", "campaign": "Spring"}, True),
        ({"channel": "whatsapp"}, False),
        ({"source": UNKNOWN}, False),
        ({"campaign": "Summer"}, False),
        ({"since": datetime(2026, 11, 3, 23, tzinfo=UTC)}, True),
        ({"since": datetime(2026, 11, 4, tzinfo=UTC)}, False),
        ({"until": datetime(2026, 11, 3, tzinfo=UTC)}, False),
        ({"until": datetime(2026, 11, 3, 1, tzinfo=UTC)}, True),
    ],
)
def test_a_query_may_be_about_a_sum(wanted: dict[str, Any], may: bool) -> None:
    chunk = Chunk(1, 9, [NAMED])

    assert list(query(**wanted).sums_in(chunk)) == [NAMED] * may
    assert query(**wanted).may_be_in(chunk) is may


def test_among_the_others_of_a_chunk_may_be_any_source() -> None:
    rest = Sum(DAY, "rest", OTHERS, OTHERS, 2)

    assert query(source="bing").may_be_in(Chunk(1, 9, [rest]))
    assert not query(source="bing").counts(rest)
    assert query(channel="rest").counts(rest)


def test_among_the_other_campaigns_of_a_source_is_no_other_source() -> None:
    rest = Sum(DAY, "rest", "google", OTHERS, 2)

    assert query(source="google", campaign="x").may_be_in(Chunk(1, 9, [rest]))
    assert query(source="google").counts(rest)
    assert not query(campaign="x").counts(rest)
    assert not query(source="bing", campaign="x").may_be_in(Chunk(1, 9, [rest]))
