"""Where a lead came from, as its page, its ad or its referrer says it."""

from typing import Any

import pytest

from domain.lead import LeadDetails
from domain.leads.origin import LONGEST, Origin, click_ids_of, first_touch_of, origin_of

OWN_PAGE = "https://www.acme.example/pricing?x=1"


@pytest.mark.parametrize(
    ("details", "origin"),
    [
        ({}, Origin()),
        (
            {"utm": {"utm_source": " Google ", "utm_medium": "CPC", "utm_campaign": "Spring"}},
            Origin("google", "CPC", "Spring"),
        ),
        ({"utm": {"utm_source": "x" * 200}}, Origin("x" * LONGEST)),
        ({"utm": {"utm_source": 7, "utm_campaign": ["a"]}}, Origin()),
        ({"utm": {"utm_source": " ", "gclid": "G1"}}, Origin("google")),
        ({"utm": {"gclid": "G1", "utm_campaign": "Spring"}}, Origin("google", None, "Spring")),
        ({"utm": {"utm_campaign": "Spring"}}, Origin(None, None, "Spring")),
        ({"utm": {"msclkid": "M"}, "referrer": "https://x.example"}, Origin("bing")),
        ({"attributes": {"fbclid": "F"}}, Origin("facebook")),
        (
            {"attributes": {"source_type": "ad", "source_id": "12", "headline": "Call us"}},
            Origin("meta", None, "Call us"),
        ),
        ({"attributes": {"source_type": "post", "source_id": "12"}}, Origin("meta", None, "12")),
        ({"attributes": {"headline": "Dr."}}, Origin()),
        (
            {"attributes": {"form_id": "1", "campaign_id": "9", "gcl_id": "G"}},
            Origin("google", None, "9"),
        ),
        ({"referrer": "https://www.partner.example/a"}, Origin("partner.example", "referral")),
        ({"referrer": "https://acme.example/", "source_url": OWN_PAGE}, Origin()),
        ({"referrer": "http://[", "source_url": OWN_PAGE}, Origin()),
        (
            {"referrer": "android-app://com.google.android.gm"},
            Origin("com.google.android.gm", "referral"),
        ),
    ],
)
def test_a_lead_came_from(details: dict[str, Any], origin: Origin) -> None:
    assert origin_of(LeadDetails(**details)) == origin


def test_click_ids_are_found_wherever_they_lie_and_are_whole() -> None:
    long = "G" * 300
    details = LeadDetails(
        utm={"gclid": long, "utm_source": "google"}, attributes={"ctwa_clid": "C", "fbclid": 1}
    )

    assert click_ids_of(details) == {"gclid": long, "ctwa_clid": "C"}


@pytest.mark.parametrize("said", [None, "google", ["google"]])
def test_the_first_touch_is_what_the_page_says_of_it(said: Any) -> None:
    whole = {"utm_source": "google", "landing": "/pricing"}

    assert first_touch_of(LeadDetails(attributes={"first_touch": whole})) == whole
    assert first_touch_of(LeadDetails(attributes={"first_touch": said})) == {}
