"""Errors that the driver gives no code."""

import contextlib

import pytest

from adapters.sqlite.connection.driver import sqlite3
from adapters.sqlite.connection.errors import is_about_the_disk, is_full, own_errors
from domain.errors import StorageUnavailable


def test_a_copy_that_finds_no_room_is_known_for_it() -> None:
    def copy() -> None:
        with (
            contextlib.closing(sqlite3.connect(":memory:")) as source,
            contextlib.closing(sqlite3.connect(":memory:")) as target,
        ):
            source.execute("CREATE TABLE filler (text)")
            source.execute("INSERT INTO filler VALUES (zeroblob(100000))")
            source.commit()
            target.execute("PRAGMA max_page_count = 5")
            source.backup(target)

    with pytest.raises(sqlite3.Error) as full:
        copy()
    with pytest.raises(StorageUnavailable, match="the disk is full"), own_errors():
        copy()

    assert is_full(full.value)
    assert not is_about_the_disk(full.value)
