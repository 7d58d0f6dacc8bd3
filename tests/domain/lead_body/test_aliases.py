"""Which names stand for a field."""

import pytest

from domain.lead_body.aliases import CLICK_IDS, field_of, plain, utm_name_of


@pytest.mark.parametrize(
    ("name", "field"),
    [
        *((name, "name") for name in ("Name", "fullName", "your-name", "form_fields[name]")),
        *((name, "name") for name in ("et_pb_contact_name_0", "q3_name", "氏名", "नाम")),
        *((name, "first_name") for name in ("first_name", "firstName", "FNAME", "Vorname")),
        *((name, "first_name") for name in ("prénom", "names[first_name]")),
        *((name, "last_name") for name in ("last_name", "Nachname", "nom", "apellidos", "cognome")),
        *((name, "email") for name in ("Email", "email_address", "your-email", "E-Mail", "EMAIL")),
        *((name, "email") for name in ("fields[email][value]", "email1", "correo", "courriel")),
        *((name, "phone") for name in ("Phone", "tel", "tel-123", "Phone-Number", "phoneNumber")),
        *((name, "phone") for name in ("téléphone", "telefoonnummer1", "Handy", "फ़ोन", "電話番号")),
        *((name, "source_url") for name in ("sourceUrl", "page_url", "Page URL")),
        *((name, "referrer") for name in ("referer", "document_referrer")),
        ("pageTrail", "page_trail"),
    ],
)
def test_a_name_as_it_was_seen_in_the_field_stands_for_its_field(name: str, field: str) -> None:
    found = field_of(name)

    assert found is not None
    assert found[0] == field


@pytest.mark.parametrize(
    "name",
    [
        "message",
        "company",
        "form[name]",
        "form_name",
        "username",
        "domain_name",
        "subject",
        "",
        "7",
    ],
)
def test_any_other_name_stands_for_none(name: str) -> None:
    assert field_of(name) is None


def test_a_name_that_is_too_long_to_be_one_is_not_looked_at() -> None:
    plain.cache_clear()

    assert field_of("e" * 101) is None
    assert plain.cache_info().currsize == 0


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("utm_source", "utm_source"),
        ("UTM_Source", "utm_source"),
        ("utmCampaign", "utm_campaign"),
        ("utm_anything_else", "utm_anything_else"),
        ("GCLID", "gclid"),
        *((name, name) for name in sorted(CLICK_IDS)),
    ],
)
def test_what_an_ad_adds_to_an_address_belongs_to_utm(name: str, key: str) -> None:
    assert utm_name_of(name) == key


@pytest.mark.parametrize("name", ["utm", "utm_", "utm_ä", "utmost", "_gclid", "source"])
def test_any_other_name_does_not(name: str) -> None:
    assert utm_name_of(name) is None
