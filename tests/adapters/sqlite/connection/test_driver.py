"""Which SQLite is used."""

import platform
import subprocess
import sys

import pytest
from structlog.testing import capture_logs

from adapters.sqlite.connection import driver

COMES_AS_A_PACKAGE = {("linux", "x86_64"), ("darwin", "arm64")}
WITHOUT_THE_PACKAGE = """
import sys
sys.modules["pysqlite3"] = None
from adapters.sqlite.connection import driver
is_mended = driver.sqlite3.sqlite_version_info >= (3, 51, 3)
print(driver.sqlite3.__name__, driver.COPIES_BESIDE_WRITES == is_mended)
"""


@pytest.mark.skipif(
    (sys.platform, platform.machine()) not in COMES_AS_A_PACKAGE, reason="there is no package"
)
def test_where_a_newer_sqlite_comes_as_a_package_it_is_used() -> None:
    assert driver.sqlite3.__name__.startswith("pysqlite3")
    assert driver.COPIES_BESIDE_WRITES


def test_without_the_package_the_systems_is_used() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_THE_PACKAGE], capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == ["sqlite3", "True"]


def test_a_server_says_that_its_sqlite_is_old(monkeypatch: pytest.MonkeyPatch) -> None:
    with capture_logs() as logs:
        monkeypatch.setattr(driver, "COPIES_BESIDE_WRITES", True)
        driver.warn_of_an_old_one()
        monkeypatch.setattr(driver, "COPIES_BESIDE_WRITES", False)
        driver.warn_of_an_old_one()

    assert [line["event"] for line in logs] == ["store.sqlite_is_old"]
