"""
What is done once a file of the open store is not in its place any more.

The files that are open still take everything, and would take it with them when the process
ends. So what the log has is copied into the main file, and where that is the lost one, all of it
into a new file; nothing is acknowledged from then on. `StoreFiles` finds it out; SQLite does not.
"""

import sqlite3
import time
from pathlib import Path

import structlog

from adapters.sqlite.files.rescue import AnotherSaves, Rescue
from adapters.sqlite.files.store_files import StoreFiles

REFUSAL = "a file of the store is not in its place any more"

_END_ALL = "End every process that uses the store, then start again"
_SAVED = "All that was acknowledged is in {store}. " + _END_ALL + ": nothing is missing."
_WAIT = "leave this process running until the log says store.saved"
_UNSAVED = f"What was acknowledged last is not in {{store}} yet: {_WAIT}. {_END_ALL}."
_MIXED = (
    "Another program has made a new {lost} meanwhile, so nothing was copied from the old one."
    " End that program, then every process that uses the store, with SIGTERM and not with kill -9:"
    " SQLite saves what it has when the last one closes the store. Then start again; if leads are"
    " missing, restore a backup."
)
_MOVED = (
    "If {store} was moved, it has all that was acknowledged: end every process that uses the"
    " store, then move it back. "
)
_DELETED = (
    f"If {{store}} was deleted, {_WAIT}: all that was acknowledged is in files that are still"
    " open, and is copied to a new file beside it."
)
_COPIED = (
    "All that was acknowledged is in {copy}. End every process that uses the store, then run"
    " `swiftcrm restore {copy}`."
)
_NOT_COPIED = (
    f"The copy is tried again each second. Mend what is in its way, and {_WAIT}: if it ends"
    " before, what was deleted is gone."
)

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
        self._store = files.names[0]
        self._rescue = Rescue(Path(self._store))
        self._is_main_file_lost = False
        self._is_log_copied = False
        self._is_saved = False
        self._is_silent = True
        self._last_said: dict[str, object] = {}

    def speak(self) -> None:
        """From now on a line in the log says what was lost, and what to do."""
        self._is_silent = False

    def note_acknowledged(self) -> None:
        """What was just written is in the files that are in their places."""
        self._rescue.acknowledged_at = time.monotonic()

    def notice(self, connection: sqlite3.Connection) -> None:
        """Save what the open files have, as far as this was not done before, and say so."""
        if not self.is_known:
            lost, is_mixed = self._files.lost(), self._is_mixed()
            self.is_known = True
            self._begin(connection, lost, is_mixed=is_mixed)
        elif not self._is_saved:
            self._go_on(connection)

    def close(self) -> None:
        """Leave the saving of what is not saved to other processes."""
        self._rescue.close()

    def _begin(
        self, connection: sqlite3.Connection, lost: tuple[str, ...], *, is_mixed: bool
    ) -> None:
        if is_mixed:
            self._is_saved = True  # as far as it can be
            advice = _MIXED.format(lost=" and ".join(lost))
            self._say("error", "store.lost", lost=lost, advice=advice)
            return
        self._is_log_copied = self._copy_log(connection)
        self._is_main_file_lost = self._store in lost
        if self._is_main_file_lost:
            advice = (_MOVED if self._is_log_copied else "") + _DELETED
            # First: a large store takes minutes, in which somebody may end a silent process.
            self._say("error", "store.lost", lost=lost, advice=advice.format(store=self._store))
            self._copy_all(connection)
        else:
            self._is_saved = self._is_log_copied
            advice = _SAVED if self._is_saved else _UNSAVED
            self._say("error", "store.lost", lost=lost, advice=advice.format(store=self._store))

    def _go_on(self, connection: sqlite3.Connection) -> None:
        self._is_log_copied = self._is_log_copied or self._copy_log(connection)
        if self._is_main_file_lost:
            self._copy_all(connection)
        elif self._is_log_copied:
            self._is_saved = True
            self._say("info", "store.saved", advice=_SAVED.format(store=self._store))

    def _copy_all(self, connection: sqlite3.Connection) -> None:
        """A moved file is copied in vain; which of both it was, its old name does not tell."""
        try:
            copy = self._rescue(connection)
        except AnotherSaves as other:
            self._say_once("info", "store.saving", process=other.process)
        except (OSError, sqlite3.Error) as error:
            self._say_once("error", "store.not_saved", reason=str(error), advice=_NOT_COPIED)
        else:
            self._is_saved = True
            self._say("info", "store.saved", copy=str(copy), advice=_COPIED.format(copy=copy))

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

    def _copy_log(self, connection: sqlite3.Connection) -> bool:
        """
        Copy what the log has into the main file; whether all of it is there.

        Not with `TRUNCATE`: the log may still be in its place, and others read it. A reader
        that looks at an older state holds back what is newer; the next look tries again.
        """
        try:
            busy, logged, copied = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        except sqlite3.Error:
            return False
        return not busy and logged == copied

    def _say(self, level: str, event: str, **members: object) -> None:
        if not self._is_silent:
            getattr(log, level)(event, store=self._store, **members)

    def _say_once(self, level: str, event: str, **members: object) -> None:
        """Not each second again, unless something is new."""
        if members != self._last_said:
            self._last_said = members
            self._say(level, event, **members)
