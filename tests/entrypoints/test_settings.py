"""From `SWIFTCRM_…` variables to settings, and what is said of wrong ones."""

import os
from collections.abc import Callable
from ipaddress import ip_network
from pathlib import Path

import pytest

from entrypoints.settings import (
    BUILT_IN_CHANNELS,
    ConfigurationError,
    Rate,
    Settings,
    load_settings,
    unknown_variables,
)

KEY = "A" * 43 + "="
OTHER_KEY = "B" * 43 + "="

Given = Callable[..., Settings]


@pytest.fixture(autouse=True)
def _nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("SWIFTCRM_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Given:
    """The settings under these variables."""

    def settings(**variables: str) -> Settings:
        for name, value in variables.items():
            monkeypatch.setenv(f"SWIFTCRM_{name.upper()}", value)
        return load_settings()

    return settings


def test_the_defaults_are_the_products(given: Given, tmp_path: Path) -> None:
    settings = given()

    assert settings.sqlite_path == tmp_path / "data" / "swiftcrm.db"
    assert settings.secret_key_file == tmp_path / "data" / "swiftcrm.db.key"
    assert settings.redis_url == "memory://"
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.channels == BUILT_IN_CHANNELS
    assert settings.rate_limit == Rate(12000, 60)
    assert settings.trusted_proxies == ()
    assert settings.secret_key == ()
    assert settings.drain_wait_seconds == 0


def test_a_file_in_the_working_directory_is_read(tmp_path: Path, given: Given) -> None:
    (tmp_path / ".env").write_text("SWIFTCRM_RATE_LIMIT=5/hour\nOTHER=x\n")

    assert given().rate_limit == Rate(5, 3600)


def test_the_environment_goes_before_the_file(tmp_path: Path, given: Given) -> None:
    (tmp_path / ".env").write_text("SWIFTCRM_RATE_LIMIT=5/hour\n")

    assert given(rate_limit="7/second").rate_limit == Rate(7, 1)


def test_a_file_that_is_not_utf8_is_a_wrong_setting(tmp_path: Path, given: Given) -> None:
    (tmp_path / ".env").write_bytes(b"SWIFTCRM_PUBLIC_URL=http://caf\xe9.example\n")

    with pytest.raises(ConfigurationError, match=r"\.env"):
        given()


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///leads.db", "{cwd}/leads.db"),
        ("sqlite:///a/b.db", "{cwd}/a/b.db"),
        ("sqlite:////var/lib/leads.db", "/var/lib/leads.db"),
        ("sqlite:////var/my%20leads.db", "/var/my leads.db"),
    ],
)
def test_a_store_may_be_relative_or_absolute(
    given: Given, tmp_path: Path, url: str, path: str
) -> None:
    assert str(given(database_url=url).sqlite_path) == path.format(cwd=tmp_path)


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
        ("drain_wait_seconds", "-1"),
        ("drain_wait_seconds", "301"),
        ("drain_wait_seconds", "nan"),
        ("drain_wait_seconds", "inf"),
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


def test_a_variable_that_looks_like_ours_and_is_not_is_found(given: Given) -> None:
    given(rate_limit="off", rate_limits="off", mongo_driver="motor")

    assert unknown_variables() == ["SWIFTCRM_MONGO_DRIVER", "SWIFTCRM_RATE_LIMITS"]


def test_a_line_of_the_file_that_looks_like_ours_and_is_not_is_found(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SWIFTCRM_RATE_LIMITS=off\nOTHER=x\n")

    assert unknown_variables() == ["SWIFTCRM_RATE_LIMITS"]


def test_settings_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().public_url = "https://elsewhere.example"


@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("mongodb://db:27017/swiftcrm", "db:27017/swiftcrm"),
        ("mongodb://ada:hunter2@a,b/leads?replicaSet=rs0", "a,b/leads"),
        ("mongodb+srv://ada:hunter2@db.example/?authSource=x@y", "db.example/"),
        ("sqlite:///leads.db", "{cwd}/leads.db"),
    ],
)
def test_where_the_store_is_can_be_logged_without_a_password(
    given: Given, tmp_path: Path, url: str, location: str
) -> None:
    assert given(database_url=url).store_location == location.format(cwd=tmp_path)


def test_a_server_has_no_file_beside_it_and_ours_go_into_the_data_folder(
    given: Given, tmp_path: Path
) -> None:
    settings = given(database_url="mongodb://db/swiftcrm")

    assert (settings.store, settings.secret_key_file) == ("mongodb", None)
    assert settings.beside_the_store("quickstart") == tmp_path / "data" / "swiftcrm.quickstart"


@pytest.mark.parametrize("name", ["leads.key", "leads.quickstart", "leads"])
def test_no_file_beside_the_store_is_the_store(name: str) -> None:
    settings = Settings(database_url=f"sqlite:///{name}")

    assert settings.secret_key_file != settings.sqlite_path
    assert settings.beside_the_store("quickstart") != settings.sqlite_path
