"""
What is done once a file of the open store is not in its place any more.

Somebody has deleted or moved it, by hand or by a script. SQLite does not notice: the files that
are open still take everything, and are gone with the last process that has them open. So from
then on this process acknowledges nothing. It copies what the log has into the main file; and if
the main file is the lost one, it copies the whole store into a new file (`Rescue`). `StoreFiles`
finds the loss.
"""

import time
from pathlib import Path

import structlog

from adapters.sqlite.connection.driver import sqlite3
from adapters.sqlite.files.rescue import AnotherSaves, Rescue
from adapters.sqlite.files.store_files import StoreFiles
from domain.errors import Advice, AdviceCode

REFUSAL = "a file of the store is not in its place any more"

log = structlog.get_logger("swiftcrm.store")


class Loss:
    """
    Whether a file was lost, and whether what was in it is saved.

    Every process that has the store open notices by itself and does the same: to copy the log into
    the main file once more changes nothing, and of the whole store one process makes the copy.
    Nobody goes on when the files come back: what others did in between is not known.

    Attributes:
        is_known: True from the first look that missed a file; then nothing is read or written any
            more until the process ends.
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
        self._last_said: tuple[str, object] | None = None

    def speak(self) -> None:
        """From now on a line in the log says what was lost, and what to do."""
        self._is_silent = False

    def note_acknowledged(self) -> None:
        """Note that what was just committed is in files that are in their places."""
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
        """Leave it to other processes to save what is not saved yet."""
        self._rescue.close()

    def _begin(
        self, connection: sqlite3.Connection, lost: tuple[str, ...], *, is_mixed: bool
    ) -> None:
        if is_mixed:
            self._is_saved = True  # more cannot be done
            advice = Advice(AdviceCode.END_OTHER_PROGRAM, {"lost": " and ".join(lost)})
            self._say("error", "store.lost", lost=lost, advice=[advice])
            return
        self._is_log_copied = self._copy_log(connection)
        self._is_main_file_lost = self._store in lost
        if self._is_main_file_lost:
            advice = Advice(AdviceCode.WAIT_FOR_COPY, {"store": self._store})
            if self._is_log_copied:  # else a file that was moved lacks what came last
                advice = Advice(AdviceCode.MOVE_BACK_OR_WAIT_FOR_COPY, {"store": self._store})
            # Before the copying: a large store takes minutes, and whoever sees nothing in the log
            # may end the process meanwhile, and with it the deleted file.
            self._say("error", "store.lost", lost=lost, advice=[advice])
            self._copy_all(connection)
        else:
            advice = Advice(AdviceCode.WAIT_FOR_LOG, {"store": self._store})
            if self._is_log_copied:
                self._is_saved = True
                advice = Advice(AdviceCode.START_AGAIN, {"store": self._store})
            self._say("error", "store.lost", lost=lost, advice=[advice])

    def _go_on(self, connection: sqlite3.Connection) -> None:
        self._is_log_copied = self._is_log_copied or self._copy_log(connection)
        if self._is_main_file_lost:
            self._copy_all(connection)
        elif self._is_log_copied:
            self._is_saved = True
            advice = Advice(AdviceCode.START_AGAIN, {"store": self._store})
            self._say("info", "store.saved", advice=[advice])

    def _copy_all(self, connection: sqlite3.Connection) -> None:
        """
        Copy the whole store beside it, or say which process does.

        A file that was moved has all of it, and is copied for nothing; but from its old name one
        cannot see whether it was moved or deleted.
        """
        try:
            copy = self._rescue(connection)
        except AnotherSaves as other:
            self._say_once("info", "store.saving", about=other.process, process=other.process)
        except (OSError, sqlite3.Error) as error:
            members = {"reason": str(error), "advice": [Advice(AdviceCode.LET_COPY_SUCCEED)]}
            # A reason may have figures that are others each second.
            about = error.errno if isinstance(error, OSError) else str(error)
            self._say_once("error", "store.not_saved", about=about, **members)
        else:
            self._is_saved = True
            advice = Advice(AdviceCode.RESTORE_NEW_COPY, {"copy": str(copy)})
            self._say("info", "store.saved", copy=str(copy), advice=[advice])

    def _is_mixed(self) -> bool:
        """
        Whether another program has the same store open with another log, or another index of it.

        It made a new one where ours was deleted. The log and the index that we have open may then
        not belong together any more: pages that are copied by the index of another log are wrong.
        """
        found = dict(zip(self._files.names, self._files.found(), strict=True))
        main, *sides = self._files.names
        return main not in self._files.lost() and any(
            name in self._files.lost() and found[name] is not None for name in sides
        )

    def _copy_log(self, connection: sqlite3.Connection) -> bool:
        """
        Copy what the log has into the main file; whether all of it is there.

        Not with `TRUNCATE`: the log may still be in its place, and other processes read it. As
        long as a reader looks at an older state, what is newer stays in the log; the next look
        tries again.
        """
        try:
            busy, logged, copied = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        except sqlite3.Error:
            return False
        return not busy and logged == copied

    def _say(self, level: str, event: str, **members: object) -> None:
        if not self._is_silent:
            getattr(log, level)(event, store=self._store, **members)

    def _say_once(self, level: str, event: str, *, about: object, **members: object) -> None:
        """Say it, but not each second again while it is *about* the same thing."""
        if (event, about) != self._last_said:
            self._last_said = (event, about)
            self._say(level, event, **members)
