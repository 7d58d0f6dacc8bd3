"""Where somebody came from, as one would say it."""

from typing import Any

import pytest

from domain.lead import LeadDetails
from entrypoints.console.leads.story import first_page, first_touch_said, story_of
from tests.entrypoints.exports.tables import a_lead

GCLID = {"gclid": "x"}


@pytest.mark.parametrize(
    ("details", "said"),
    [
        ({}, ["Website or API"]),
        ({"utm": GCLID}, ["Google ad"]),
        (
            {"utm": {"utm_source": "google", "utm_medium": "CPC", "utm_campaign": "Spring"}},
            ["Google ad", "campaign", "Spring"],
        ),
        (
            {"utm": {"utm_source": "News", "utm_medium": "email"}},
            ["", "news", "medium", "email"],
        ),
        ({"utm": {"utm_source": "blog", **GCLID}}, ["An ad on", "blog"]),
        ({"utm": {"utm_medium": "paid-social"}}, ["An ad"]),
        ({"referrer": "https://www.example.org/list"}, ["A link on", "example.org"]),
        (
            {"attributes": {"source_type": "ad", "source_id": "7", "headline": "Roofs"}},
            ["Meta ad", "campaign", "Roofs"],
        ),
        (
            {"attributes": {"source_type": "post", "source_id": "7", "headline": "Roofs"}},
            ["Meta", "campaign", "Roofs"],
        ),
    ],
)
def test_it_says_the_source_and_the_campaign(details: dict[str, Any], said: list[str]) -> None:
    parts = [words + text for words, text, _ in story_of(a_lead(**details))]

    assert "".join(parts) == "".join(said)


def test_the_first_touch_is_said_if_it_was_another_one() -> None:
    touch = {"utm_source": "google", "utm_campaign": "May"}

    assert first_touch_said(a_lead()) == []
    assert first_touch_said(a_lead(utm=touch, attributes={"first_touch": touch})) == []
    assert first_touch_said(a_lead(attributes={"first_touch": touch})) == [
        ("Google", "", False),
        ("campaign", "May", False),
    ]


@pytest.mark.parametrize(
    ("details", "page"),
    [
        ({"page_trail": ("/a", "/b"), "source_url": "https://x.example/c"}, "/a"),
        ({"page_trail": ("https://x.example/a?b=1",)}, "/a"),
        ({"source_url": "https://x.example/c?d=1"}, "/c"),
        ({"source_url": "javascript:alert(1)"}, None),
        ({}, None),
    ],
)
def test_the_first_page_is_that_of_the_trail_or_the_one_of_the_form(
    details: dict[str, Any], page: str | None
) -> None:
    assert first_page(LeadDetails(**details)) == page
