"""How a lead is reached and where it came from, whatever a sender wrote."""

import pytest

from domain.lead import LeadDetails
from entrypoints.console.lead_rows import came_from, mailto, tel


@pytest.mark.parametrize(
    ("phone", "link"),
    [
        ("+44 20 7946 0000", "tel:+442079460000"),
        ("+44 (0)20 7946-0000", "tel:+442079460000"),
        ("(030) 123/45", "tel:03012345"),
        ("\u202e+49 151 1\u202c", "tel:491511"),
        ("12", None),
        ("", None),
        ("call me, 030 12345", None),
        ("javascript:alert(123)", None),
        ("0301234;phone-context=evil", None),
        ("٠٣٠١٢٣٤", None),
    ],
)
def test_a_link_that_calls_has_the_digits_alone(phone: str, link: str | None) -> None:
    assert tel(phone) == link


@pytest.mark.parametrize(
    ("email", "link"),
    [
        ("ada@example.com", "mailto:ada@example.com"),
        ("ada+web@example.com", "mailto:ada%2Bweb@example.com"),
        (
            "a?bcc=b%40example.com&c@example.com",
            "mailto:a%3Fbcc%3Db%2540example.com%26c@example.com",
        ),
        ("a,b@example.com", "mailto:a%2Cb@example.com"),
        ("zoë@exämple.com", "mailto:zo%C3%AB@ex%C3%A4mple.com"),
        ("nobody", None),
        ("@example.com", None),
        ("", None),
    ],
)
def test_a_link_that_writes_names_one_recipient_and_nothing_else(
    email: str, link: str | None
) -> None:
    assert mailto(email) == link


@pytest.mark.parametrize(
    ("details", "words"),
    [
        ({"utm": {"utm_source": "news", "utm_campaign": "spring"}}, "news · spring"),
        ({"utm": {"utm_source": 5, "utm_campaign": "spring"}}, "spring"),
        ({"source_url": "https://www.example.com/pricing/?a=1#b"}, "www.example.com/pricing"),
        ({"source_url": "https://user:word@example.com/"}, "example.com"),
        ({"referrer": "https://search.example/?q=crm"}, "search.example"),
        ({"source_url": "javascript:alert(1)"}, "javascript:alert(1)"),
        ({"source_url": "https://[half"}, "https://[half"),
        ({}, ""),
    ],
)
def test_a_lead_came_from_its_campaign_or_its_page(details: dict[str, object], words: str) -> None:
    assert came_from(LeadDetails(**details)) == words  # type: ignore[arg-type]
