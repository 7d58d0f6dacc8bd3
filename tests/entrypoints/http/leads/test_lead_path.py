"""How programs write the lead path; over HTTP it is tried that they are answered."""

import pytest

from entrypoints.http.leads.lead_path import OwnAddress, canonical_target

LEAD = "/api/public/lead"


@pytest.mark.parametrize(
    ("target", "canonical"),
    [
        (LEAD, LEAD),
        (f"{LEAD}?a=//b", f"{LEAD}?a=//b"),
        (f"/{LEAD}/?a=%2F?//b/", f"{LEAD}?a=%2F?//b/"),
        ("/api/public/le%61D", "/api/public/le%61D"),
        ("//api/health/", "//api/health/"),
        ("https://example.com//api/public/lead", "https://example.com//api/public/lead"),
        ("*", "*"),
        ("", ""),
    ],
)
def test_only_the_path_of_the_lead_path_is_written_anew(target: str, canonical: str) -> None:
    assert canonical_target(target.encode()).decode() == canonical


OURS = [
    ("https://leads.example.net/api/public/lead", "leads.example.net"),
    ("HTTPS://Leads.Example.Net//api/public/lead/?api_key=x", "leads.example.net:8443"),
    ("http://[::1]:8000/api/public/lead", "[::1]:8000"),
    ("https://public.example.com/api/public/lead", "10.0.0.7:8000"),
    ("https://public.example.com/crm/api/public/lead", "10.0.0.7:8000"),
]


@pytest.mark.parametrize(("referer", "host"), OURS)
def test_the_lead_path_where_it_was_called_or_in_public_is_our_own_address(
    referer: str, host: str
) -> None:
    assert OwnAddress("https://public.example.com/crm/").is_referer(referer, host)


@pytest.mark.parametrize(
    ("referer", "host"),
    [
        ("https://leads.example.net/", "leads.example.net"),
        ("https://leads.example.net/page?x=/api/public/lead", "leads.example.net"),
        ("https://evil.com/api/public/lead", "leads.example.net"),
        ("https://leads.example.net.evil.com/api/public/lead", "leads.example.net"),
        ("https://leads.example.net@evil.com/api/public/lead", "leads.example.net"),
        ("/api/public/lead", "leads.example.net"),
        ("/api/public/lead", ""),
        ("https:///api/public/lead", ""),
        ("https://[::1/api/public/lead", "[::1"),
        ("https://leads.example.net/api/public/lead\udcff", "leads.example.net"),
        ("about:blank", "leads.example.net"),
        ("", ""),
    ],
)
def test_every_other_referer_is_not(referer: str, host: str) -> None:
    assert not OwnAddress("https://public.example.com/crm/").is_referer(referer, host)
