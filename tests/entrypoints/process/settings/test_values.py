"""What a setting may be, and what is said of a wrong one."""

from ipaddress import ip_network

import pytest

from entrypoints.process.settings import ConfigurationError, Rate
from tests.entrypoints.process.settings.conftest import Given

KEY = "A" * 43 + "="
OTHER_KEY = "B" * 43 + "="


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("off", None),
        (" OFF ", None),
        ("1/second", Rate(1, 1)),
        ("60/minute", Rate(60, 60)),
        (" 100 / hour ", Rate(100, 3600)),
    ],
)
def test_a_rate_is_calls_per_unit_or_off(given: Given, text: str, rate: Rate | None) -> None:
    assert given(rate_limit=text).rate_limit == rate


@pytest.mark.parametrize(("text", "console"), [("on", True), ("off", False), (" OFF ", False)])
def test_the_console_is_on_or_off(given: Given, text: str, console: bool) -> None:
    assert given(console=text).console is console


@pytest.mark.parametrize("empty", ["", " , ,"])
def test_an_empty_list_is_none(given: Given, empty: str) -> None:
    settings = given(channels=empty, trusted_proxies=empty, secret_key=empty)

    assert settings.channels == settings.trusted_proxies == settings.secret_key == ()


def test_lists_are_comma_separated(given: Given) -> None:
    settings = given(
        channels="whatsapp, acme.leads:channel",
        trusted_proxies="10.0.0.0/8, ::1, 192.0.2.7",
        secret_key=f"{KEY}, {OTHER_KEY}",
    )

    assert settings.channels == ("whatsapp", "acme.leads:channel")
    assert settings.trusted_proxies == tuple(
        ip_network(text) for text in ("10.0.0.0/8", "::1/128", "192.0.2.7/32")
    )
    assert settings.secret_key == (KEY, OTHER_KEY)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("database_url", "postgresql://user:hunter2@db/swiftcrm"),
        ("database_url", "sqlite:///"),
        ("database_url", "sqlite://hunter2.db"),
        ("database_url", ""),
        ("redis_url", "memcached://:hunter2@redis"),
        ("redis_url", "redis://"),
        ("mongodb_driver", "hunter2"),
        ("public_url", "hunter2.example.com"),
        ("public_url", "ftp://hunter2.example.com"),
        ("public_url", "https://example.com?x=hunter2"),
        ("public_url", "https://"),
        ("public_url", "https://[hunter2]"),
        ("public_url", "https://hunter2.example.com/#fragment"),
        ("public_url", "https://hunter2 .example.com"),
        ("public_url", "https://hunter2.example.com:99999"),
        ("rate_limit", "hunter2"),
        ("rate_limit", "0/minute"),
        ("rate_limit", "-1/minute"),
        ("rate_limit", "1.5/minute"),
        ("rate_limit", "1/day"),
        ("rate_limit", "12000"),
        ("rate_limit", "9999999999/minute"),
        ("trusted_proxies", "hunter2"),
        ("trusted_proxies", "10.98.76.1/8"),
        ("trusted_proxies", "10.98.76.0/33"),
        ("secret_key", "hunter2"),
        ("secret_key", f"{KEY},hunter2"),
        ("secret_key", KEY.replace("A", "+")),
        ("drain_wait_seconds", "hunter2"),
        ("console", "hunter2"),
        ("drain_wait_seconds", "-1"),
        ("drain_wait_seconds", "301"),
        ("drain_wait_seconds", "nan"),
        ("drain_wait_seconds", "inf"),
        ("held_days", "hunter2"),
        ("held_max", "0"),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not_repeated(
    given: Given, name: str, value: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        given(**{name: value})

    assert str(caught.value).startswith(f"SWIFTCRM_{name.upper()} ")
    assert "\n" not in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert "10.98.76" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("trusted_proxies", "10.98.76.1/8", "bits of a host: is 10.0.0.0/8 meant?"),
        ("trusted_proxies", "::1/128, fd00::5/64", "bits of a host: is fd00::/64 meant?"),
        ("trusted_proxies", "10.98.76.0/33", "must be networks like 192.0.2.0/24 or ::1/128"),
        ("mongodb_driver", "Motor", "must be motor or pymongo"),
        ("console", "true", "must be on or off"),
        ("console", "", "must be on or off"),
        ("drain_wait_seconds", "abc", "must be 0 to 300 seconds"),
        ("drain_wait_seconds", "", "must be 0 to 300 seconds"),
        ("drain_wait_seconds", "301", "must be 0 to 300 seconds"),
        ("held_days", "0", "must be a whole number from 1 to 1000000"),
        ("held_days", "1.5", "must be a whole number from 1 to 1000000"),
        ("held_max", "-1", "must be a whole number from 1 to 1000000"),
        ("held_max", "1000001", "must be a whole number from 1 to 1000000"),
    ],
)
def test_what_is_allowed_instead_is_said(given: Given, name: str, value: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        given(**{name: value})

    assert str(caught.value).startswith(f"SWIFTCRM_{name.upper()} must be ")
    assert said in str(caught.value)
