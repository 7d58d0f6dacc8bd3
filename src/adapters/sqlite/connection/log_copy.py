"""Copying what is committed from the log into the file, beside the writes."""

import contextlib
import time
from concurrent.futures import Future, ThreadPoolExecutor

import structlog

from adapters.sqlite.connection.driver import COPIES_BESIDE_WRITES, sqlite3
from adapters.sqlite.connection.errors import own_errors
from adapters.sqlite.files.store_files import StoreFiles
from domain.errors import StorageUnavailable

COPY_EVERY_SECONDS = 0.5

log = structlog.get_logger("swiftcrm.store")


class LogCopy:
    """
    Copies what is committed from the log into the file, twice a second while something is written.

    By itself SQLite does it in every thousandth page's commit, and who waits for that one waits
    some milliseconds more. This has a thread and a connection of its own, so nobody waits for it.
    It waits for nobody either: what it cannot copy yet, since somebody reads an older state, stays
    in the log until the next time.

    It does nothing before `start`, which is for servers, and nothing at all with an older SQLite,
    which may spoil the file by it.
    """

    def __init__(self, files: StoreFiles) -> None:
        self._files = files
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sqlite-copy")
        self._connection: sqlite3.Connection | None = None
        self._running: Future[None] | None = None
        self._due_at = float("inf")
        self._fails = False

    def use(self, connection: sqlite3.Connection) -> None:
        """Copy through *connection*, which has the log open, and belongs to this from now on."""
        self._connection = connection

    def start(self) -> None:
        """Copy from now on."""
        if COPIES_BESIDE_WRITES:
            self._due_at = time.monotonic() + COPY_EVERY_SECONDS

    def note_commit(self) -> None:
        """Something was committed: copy it, if it is time, and the last copy has ended."""
        now = time.monotonic()
        if now < self._due_at or (self._running is not None and not self._running.done()):
            return
        self._due_at = now + COPY_EVERY_SECONDS
        with contextlib.suppress(RuntimeError):  # the thread was shut down
            self._running = self._thread.submit(self._copy)

    def end(self) -> None:
        """Let a copy that runs end; no other one begins."""
        self._thread.shutdown()

    def disconnect(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _copy(self) -> None:
        """
        Copy; what fails is said once, and costs nothing but room: the log has all.

        As before a commit, it looks first whether the log is still the one that this process has
        open: pages of another one would spoil the file.
        """
        try:
            if self._connection is None or not self._files.are_all_in_place():
                return
            with own_errors():
                self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        except StorageUnavailable as error:
            if not self._fails:
                log.warning("store.log_not_copied", cause=str(error))
            self._fails = True
        else:
            self._fails = False
