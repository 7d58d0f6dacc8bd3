import pytest

from application.channels.webhook_address import webhook_url, without_password, without_secrets

PATH = "/api/whatsapp/webhook?api_key=swk_1"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("https://leads.example.com", "https://leads.example.com"),
        ("https://ada:hunter2@leads.example.com:8443", "https://ada:***@leads.example.com:8443"),
        ("https://ada:hunter:2@leads.example.com", "https://ada:***@leads.example.com"),
        ("https://ada:hunter@2@leads.example.com", "https://ada:***@leads.example.com"),
        ("https://:hunter2@[2001:db8::1]", "https://:***@[2001:db8::1]"),
        ("https://hunter2@leads.example.com", "https://***@leads.example.com"),
        ("https://leads.example.com/@ada", "https://leads.example.com/@ada"),
    ],
)
def test_an_address_is_shown_without_its_password(given: str, shown: str) -> None:
    url = webhook_url(f"{given}/", "whatsapp", "swk_1")

    assert url == f"{given}{PATH}"
    assert without_password(url) == f"{shown}{PATH}"
    assert without_password(without_password(url)) == f"{shown}{PATH}"


def test_anybody_may_see_an_address_without_its_key_and_its_password() -> None:
    shown = without_secrets("https://ada:hunter2@leads.example.com/api/x/webhook?api_key=swk_1&a=b")

    assert shown == "https://ada:***@leads.example.com/api/x/webhook"
