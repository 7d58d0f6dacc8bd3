"""Where the store is, and what lies beside it."""

from pathlib import Path

import pytest

from entrypoints.process.settings import Settings
from tests.entrypoints.process.settings.conftest import Given


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
    ("url", "location"),
    [
        ("mongodb://db:27017/swiftcrm", "db:27017/swiftcrm"),
        ("mongodb://ada:hunter2@a,b/leads?replicaSet=rs0", "a,b/leads"),
        ("mongodb+srv://ada:hunter2@db.example/?authSource=x@y", "mongodb"),
        ("mongodb://ada:hunter?2@db/leads?w=majority", "mongodb"),
        ("mongodb://ada:hunt/er?2@db/leads", "mongodb"),
        ("mongodb://ada:hunt@e/r@db/leads", "db/leads"),
        ("mongodb://ada:hunter/2@db/leads", "db/leads"),
        ("mongodb://ada:hunter@2@db/leads", "db/leads"),
        ("mongodb://db/leads?appName=x@y", "mongodb"),
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
