"""What is in a store that is one file: is it whole, and how much does it hold."""

import contextlib
from pathlib import Path

import orjson

from adapters.sqlite.connection.driver import sqlite3
from adapters.sqlite.connection.errors import is_interrupt
from adapters.sqlite.connection.schema import known_version
from adapters.sqlite.files.copies import HANDLER_STEPS, connect
from domain.backup import StoreContent, StoredSetting
from domain.errors import BackupUnusable, StoreUnusable
from domain.held import LINES

_COUNT = "SELECT count(*) FROM {}"
_HELD = f"held WHERE code NOT IN ({', '.join(map(repr, LINES))})"
_SETTINGS = "SELECT channel, name, chosen FROM channel_settings ORDER BY 1, 2"
HELD_SINCE_VERSION = 2


def verified(file: Path) -> StoreContent:
    """
    What is in *file*, which nobody changes, once every page of it was read and found well.

    Raises:
        BackupUnusable: It is damaged, no store, or a newer version's.
    """
    try:
        with contextlib.closing(connect(file, "mode=ro&immutable=1")) as connection:
            connection.set_progress_handler(lambda: 0, HANDLER_STEPS)
            version = known_version(connection, str(file))
            (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            if found != "ok":
                raise BackupUnusable(f"{file} is damaged: {found}.")
            return content_of(connection, version, file.stat().st_size)
    except StoreUnusable as error:
        raise BackupUnusable(str(error), *error.advice) from None
    except sqlite3.Error as error:
        if is_interrupt(error):
            raise KeyboardInterrupt from None
        raise BackupUnusable(f"{file} cannot be read as a store: {error}.") from error


def content_of(connection: sqlite3.Connection, version: int, size_bytes: int) -> StoreContent:
    """What the store has, as one transaction sees it."""

    def count(rows: str) -> int:
        found: int = connection.execute(_COUNT.format(rows)).fetchone()[0]
        return found

    settings = [
        StoredSetting(channel, name, orjson.loads(text))
        for channel, name, text in connection.execute(_SETTINGS)
    ]
    held = count(_HELD) if version >= HELD_SINCE_VERSION else 0
    return StoreContent(size_bytes, count("projects"), count("leads"), held, settings)
