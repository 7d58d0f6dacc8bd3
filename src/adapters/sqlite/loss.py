"""
What is done once a file of the open store is not in its place any more.

The files that are open still take everything, and would take it with them when the process
ends. So what the log has is copied into the main file, and where that is the lost one, all of it
into a new file; nothing is acknowledged from then on. `StoreFiles` finds it out; SQLite does not.
"""

import os
import sqlite3
from pathlib import Path

import structlog

from adapters.sqlite.copies import copy_pages, dated, draft, sync, unused_name
from adapters.sqlite.files import StoreFiles

REFUSAL = "a file of the store is not in its place any more"

_END_ALL = "End every process that uses the store, then start again"
_SAVED = "All that was acknowledged is in {store}. " + _END_ALL + ": nothing is missing."
_UNSAVED = (
    "What was acknowledged last is not in {store} yet: leave this process running until the log"
    " says store.saved. " + _END_ALL + "."
)
_MIXED = (
    "Another program has made a new {lost} meanwhile, so nothing was copied from the old one."
    " " + _END_ALL + "; if leads are missing then, restore a backup."
)
_MOVED = (
    "If {store} was moved, it has all that was acknowledged: end every process that uses the"
    " store, then move it back. If it was deleted, end them and "
)
_MAIN_FILE_SAVED = _MOVED + "run `swiftcrm restore {copy}`: all that was acknowledged is in that."
_MAIN_FILE = _MOVED + "restore a backup: a copy of it could not be written."

log = structlog.get_logger("swiftcrm.store")


class Loss:
    """
    Whether a file was lost, and whether what was in it is saved.

    Attributes:
        is_known: From then on nothing is read or written any more, until the process ends.
    """

    def __init__(self, files: StoreFiles) -> None:
        self.is_known = False
        self._files = files
        self._is_saved = False
        self._is_silent = True

    def speak(self) -> None:
        """From now on a line in the log says what was lost, and what to do."""
        self._is_silent = False

    def notice(self, connection: sqlite3.Connection) -> None:
        """Save what the open files have, and say so, where this was not done before."""
        if not self.is_known:
            self.is_known = True
            lost = self._files.lost()
            advice = self._save_and_advise(connection, lost)
            self._say("error", "store.lost", lost=lost, advice=advice)
        elif not self._is_saved and self._save(connection):
            self._say("info", "store.saved")

    def _save_and_advise(self, connection: sqlite3.Connection, lost: tuple[str, ...]) -> str:
        store = self._files.names[0]
        if self._is_mixed():
            self._is_saved = True  # as far as it can be
            return _MIXED.format(lost=" and ".join(lost))
        is_saved = self._save(connection)
        if store in lost:
            self._is_saved = True
            copy = _saved_copy(connection, Path(store))
            return (_MAIN_FILE_SAVED if copy else _MAIN_FILE).format(store=store, copy=copy)
        return (_SAVED if is_saved else _UNSAVED).format(store=store)

    def _is_mixed(self) -> bool:
        """
        Whether somebody has the same store open with another log, or another index of it.

        Our index would then name places in a log that is not ours.
        """
        found = dict(zip(self._files.names, self._files.found(), strict=True))
        main, *sides = self._files.names
        return main not in self._files.lost() and any(
            name in self._files.lost() and found[name] is not None for name in sides
        )

    def _save(self, connection: sqlite3.Connection) -> bool:
        """
        Copy what the log has into the main file; whether all of it is there.

        Not with `TRUNCATE`: the log may still be in its place, and others read it. A reader
        that looks at an older state holds back what is newer; the next look tries again.
        """
        try:
            busy, logged, copied = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        except sqlite3.Error:
            return False
        self._is_saved = not busy and logged == copied
        return self._is_saved

    def _say(self, level: str, event: str, **members: object) -> None:
        if not self._is_silent:
            getattr(log, level)(event, store=self._files.names[0], **members)


def _saved_copy(connection: sqlite3.Connection, store: Path) -> Path | None:
    """
    All of the store in a new file: a file that was deleted is there for as long as it is open.

    A moved one is copied for nothing; which of both it was, the file system does not tell.
    """
    try:
        with draft(unused_name(store, ".partial")) as copy:
            connection.execute("BEGIN")
            try:
                copy_pages(connection, copy, lambda _: None)
            finally:
                connection.execute("ROLLBACK")
            sync(copy)
            file = dated(store, "saved")
            os.link(copy, file)
        sync(store.parent)
    except (OSError, sqlite3.Error):
        return None
    return file
