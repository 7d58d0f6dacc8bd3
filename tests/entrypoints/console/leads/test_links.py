"""Links lead to what they say, whatever a sender wrote."""

import pytest

from entrypoints.console.leads.links import mailto, page_name, page_path, tel, web, whatsapp


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
    ("phone", "link"),
    [
        ("+44 (0)20 7946-0000", "https://wa.me/442079460000"),
        ("020 7946 0000", None),
        ("+49 ask for Ada", None),
    ],
)
def test_a_chat_is_opened_with_an_international_number_alone(phone: str, link: str | None) -> None:
    assert whatsapp(phone) == link


@pytest.mark.parametrize(
    ("url", "name", "path"),
    [
        ("https://www.example.com/pricing/?a=1#b", "www.example.com/pricing", "/pricing/"),
        ("HTTP://user:word@example.com", "example.com", "/"),
    ],
)
def test_a_page_is_named_as_people_do(url: str, name: str, path: str) -> None:
    assert (web(url), page_name(url), page_path(url)) == (url, name, path)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "https://[half", "https://", "//x.y", "/a"]
)
def test_what_is_no_address_of_a_page_is_text(url: str) -> None:
    assert (web(url), page_name(url), page_path(url)) == (None, url, None)
