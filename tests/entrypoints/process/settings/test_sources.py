"""Where settings come from: variables, the file `.env`, and the defaults of the product."""

from pathlib import Path

import pytest

from entrypoints.process.settings import (
    BUILT_IN_CHANNELS,
    ConfigurationError,
    Rate,
    Settings,
    unknown_variables,
)
from tests.entrypoints.process.settings.conftest import Given


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
    assert (settings.held_days, settings.held_max) == (90, 10_000)
    assert settings.drain_wait_seconds == 0
    assert settings.console


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


def test_a_variable_that_looks_like_ours_and_is_not_is_found(given: Given) -> None:
    given(rate_limit="off", rate_limits="off", mongo_driver="motor")

    assert unknown_variables() == ["SWIFTCRM_MONGO_DRIVER", "SWIFTCRM_RATE_LIMITS"]


def test_a_line_of_the_file_that_looks_like_ours_and_is_not_is_found(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SWIFTCRM_RATE_LIMITS=off\nOTHER=x\n")

    assert unknown_variables() == ["SWIFTCRM_RATE_LIMITS"]


def test_settings_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().public_url = "https://elsewhere.example"
