"""One SQLite file: its connections, its threads, and what its errors mean."""

import asyncio
import contextlib
import os
import queue
import threading
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import structlog

from adapters.sqlite.connection.disk_space import DiskSpace, full_disk
from adapters.sqlite.connection.driver import (
    OPEN_TIMEOUT_SECONDS,
    connect,
    sqlite3,
    warn_of_an_old_one,
)
from adapters.sqlite.connection.errors import is_beyond_waiting, is_locked, own_errors
from adapters.sqlite.connection.log_copy import LogCopy
from adapters.sqlite.connection.schema import prepare
from adapters.sqlite.files.lock import StoreLock, until_all_have_ended
from adapters.sqlite.files.loss import REFUSAL, Loss
from adapters.sqlite.files.rescue import refuse_to_begin_anew
from adapters.sqlite.files.restore_plan import is_there
from adapters.sqlite.files.store_files import StoreFiles, without_links
from domain.errors import Advice, AdviceCode, StorageUnavailable, StoreUnusable

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

WRITE_TIMEOUT_SECONDS = 2.0
LOCK_POLL_SECONDS = 0.001
"""
Between two tries for the write lock.

SQLite's own waiting sleeps up to 100 ms, in which a busy neighbour takes the lock again and again.
"""
WRITER_CACHE_KIB = 16 * 1024
"""
What the writer keeps of the file in memory, once it has read it; SQLite's default is 2 MiB.

The leads of each project are pages of their own, and so are their places. The next lead of a
thousand projects should find the last pages of each still there: some ten MiB.
"""
READERS = 2
OPENS_THE_LOG = "SELECT 1 FROM projects LIMIT 1"
"""
The first statement of a connection opens the log. A connection that has not opened it cannot save
anything of a file that is lost.
"""
LOOK_EVERY_SECONDS = 1.0
"""A lost file stays unnoticed for so long at most, where nobody writes."""

log = structlog.get_logger("swiftcrm.store")


class SqliteDatabase:
    """
    Runs work against one file: writes one after the other in one thread, reads in others.

    Work is a plain function of a connection. What it writes is durable when `write` returns.

    Other processes have the same file open: more servers, a command, a backup. They take turns by
    SQLite's write lock. One that is killed leaves a log, from which SQLite takes what was
    committed and nothing else. But SQLite goes on writing into files that somebody has deleted or
    moved away, and all that was acknowledged from then on would be gone with the last process. So
    this class looks at its files around every commit, and once a second where nobody writes.
    """

    def __init__(self, path: Path) -> None:
        self.path = without_links(path)
        self.is_new = False
        self._writer: sqlite3.Connection | None = None
        self._write_thread = ThreadPoolExecutor(1, thread_name_prefix="sqlite-write")
        self._read_threads = ThreadPoolExecutor(READERS, thread_name_prefix="sqlite-read")
        self._local = threading.local()
        self._readers: list[sqlite3.Connection] = []
        self._unused_readers: queue.SimpleQueue[sqlite3.Connection] = queue.SimpleQueue()
        self._lock = StoreLock(self.path)
        self._files = StoreFiles(self.path)
        self._log_copy = LogCopy(self._files)
        self._loss = Loss(self._files)
        self._disk_space = DiskSpace(self.path)

    def open(self, *, create: bool) -> None:
        """
        Open the file, and make it if *create*.

        Raises:
            StoreUnusable: There is none, or there was one of which something is left; it cannot
                be used, it is not one of ours, or the disk is full.
            StorageUnavailable: Other processes held it for too long.
        """
        if create:
            self._make_folder()
        elif not is_there(self.path):
            refuse_to_begin_anew(self.path)
            raise StoreUnusable(f"There is no store at {self.path}.", Advice(AdviceCode.MAKE_STORE))
        until_all_have_ended(lambda: self._open(create=create), OPEN_TIMEOUT_SECONDS)

    def _open(self, *, create: bool) -> None:
        """
        Open it under the store's lock, which says whether anybody else has it open.

        Only a process that is alone makes the file: of two that start at the same moment, the
        second waits and finds the file of the first.
        """
        try:
            with self._lock.opening(self._files, OPEN_TIMEOUT_SECONDS) as is_alone, own_errors():
                if is_alone:
                    refuse_to_begin_anew(self.path)
                    if create:
                        self._make_file()
                self._connect_all(time.monotonic() + OPEN_TIMEOUT_SECONDS)
        except BaseException as error:
            self._close_connections()
            if isinstance(error, StorageUnavailable):
                self._raise_if_unusable(error.__cause__)
            raise

    def _raise_if_unusable(self, cause: BaseException | None) -> None:
        if self._disk_space.is_cause_of(cause):
            raise full_disk(self.path) from cause
        if is_beyond_waiting(cause):
            raise StoreUnusable(f"{self.path} cannot be used: {cause}.") from cause

    def _connect_all(self, deadline: float) -> None:
        """
        The writer's connection, the readers', and the one that copies the log.

        All are made here, before any work: a connection that is made later would open the log
        that is there then. If somebody had deleted ours, it would make a new one, and what one
        connection writes the other would never read.
        """
        self._writer = connect(self.path)
        self._writer.execute("PRAGMA busy_timeout = 0")
        self._writer.execute(f"PRAGMA cache_size = {-WRITER_CACHE_KIB}")
        # First of all, whether it is a store of ours: the journal mode is written into the file.
        self._transact(lambda connection: prepare(connection, str(self.path)), deadline)
        self._wait_for(self._writer, "PRAGMA journal_mode = WAL", deadline - time.monotonic())
        self._writer.execute(OPENS_THE_LOG).fetchone()
        for _ in range(READERS):
            reader = connect(self.path)
            self._readers.append(reader)
            reader.execute(f"PRAGMA busy_timeout = {int(WRITE_TIMEOUT_SECONDS * 1000)}")
            reader.execute("PRAGMA query_only = ON")
            reader.execute(OPENS_THE_LOG).fetchone()
            self._unused_readers.put(reader)
        copier = connect(self.path)
        self._log_copy.use(copier)
        copier.execute(OPENS_THE_LOG).fetchone()
        if not self._files.remember():
            raise StorageUnavailable(REFUSAL)

    def close(self) -> None:
        """Let running work end, then close every connection."""
        self._write_thread.shutdown()
        self._read_threads.shutdown()
        self._log_copy.end()
        self._close_connections()

    def _close_connections(self) -> None:
        self._files.forget()
        self._unused_readers = queue.SimpleQueue()
        for connection in (self._writer, *self._readers):
            if connection is not None:
                connection.close()
        self._log_copy.disconnect()
        self._writer, self._readers = None, []
        self._loss.close()
        self._lock.release()

    @contextlib.asynccontextmanager
    async def opened(self, *, create: bool, patient: bool = False) -> AsyncIterator[None]:
        """
        Open for as long as the block lasts; *patient* is for servers.

        A server says in its log when it made the file, when a file of the store is lost, when the
        disk is full, and when there is room again. Once a second it looks for lost files and, after
        a write has found the disk full, for room: without a write it would not notice. Nobody looks
        for a disk that becomes full: the next write finds that out.
        """
        self.open(create=create)
        watching: asyncio.Task[None] | None = None
        try:
            if patient:
                if self.is_new:
                    log.info("store.made", location=str(self.path))
                self._refuse_a_full_disk()
                self._loss.speak()
                self._disk_space.speak()
                self._log_copy.start()
                warn_of_an_old_one()
                watching = asyncio.get_running_loop().create_task(self._watch(), name="store-watch")
            yield
        finally:
            if watching is not None:
                watching.cancel()
                await asyncio.wait({watching})
            self.close()

    def _refuse_a_full_disk(self) -> None:
        """Say it at the start, where an operator looks, and not when the first lead comes."""
        with contextlib.suppress(StorageUnavailable):
            self._prove(time.monotonic() + WRITE_TIMEOUT_SECONDS)
        if self._disk_space.is_short:
            raise full_disk(self.path)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            with contextlib.suppress(StorageUnavailable):
                await self._in(self._write_thread, self._look)

    def _look(self) -> None:
        if self._loss.is_known or not self._files.are_all_in_place():
            self._give_up()
        elif self._disk_space.is_short:
            self._prove(time.monotonic() + LOOK_EVERY_SECONDS)

    def _give_up(self) -> None:
        if self._writer is not None:
            self._loss.notice(self._writer)

    async def prove_writable(self, timeout_seconds: float) -> None:
        """
        Write something, as durably as a lead.

        Raises:
            StorageUnavailable: It could not be written, or the disk was full and has not room
                for more than a little yet.
        """
        deadline = time.monotonic() + timeout_seconds
        await self._in(self._write_thread, lambda: self._prove(deadline))

    def _prove(self, deadline: float) -> None:
        self._transact(self._try_to_write, deadline)
        self._disk_space.note_enough()

    def _try_to_write(self, connection: sqlite3.Connection) -> None:
        if self._disk_space.is_short and not self._disk_space.is_there():
            raise self._no_room()
        # Write the first page again, with what is in it.
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        connection.execute(f"PRAGMA user_version = {version}")

    async def write(self, work: Work[T], timeout_seconds: float = WRITE_TIMEOUT_SECONDS) -> T:
        """
        Run *work* in one transaction that holds the write lock from its beginning.

        Raises:
            StorageUnavailable: The lock was not free within *timeout_seconds* (nothing was
                done), or the disk did not take it.
        """
        deadline = time.monotonic() + timeout_seconds
        return await self._in(self._write_thread, lambda: self._transact(work, deadline))

    async def read(self, work: Work[T]) -> T:
        """Run *work* against what is committed."""
        return await self._in(self._read_threads, lambda: self._read(work))

    async def _in(self, threads: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        try:
            running = asyncio.get_running_loop().run_in_executor(threads, work)
        except RuntimeError:  # the threads were shut down
            raise StorageUnavailable("the store is closed") from None
        return await running

    def _transact(self, work: Work[T], deadline: float) -> T:
        """
        Run *work* in a transaction, in the writer's thread; what it returns may be acknowledged.

        Somebody may delete a file of the store at any moment. `_write()` looks before the commit,
        so that nothing is written in vain. But the file may go between that look and the commit,
        and the commit would succeed all the same. So this looks once more after it: only what was
        committed into files that are still in their places is acknowledged.
        """
        connection = self._writer
        if connection is None:
            raise StorageUnavailable("the store is not open")
        self._refuse_after_a_loss()
        try:
            with own_errors():
                result = self._write(connection, work, deadline)
            self._refuse_lost_files()
            self._loss.note_acknowledged()
            self._log_copy.note_commit()
        except StorageUnavailable as error:
            is_full = False
            with contextlib.suppress(StorageUnavailable):  # the files cannot be looked at now
                is_full = self._learn_from(error)
            if is_full:
                raise self._no_room() from error.__cause__
            raise
        return result

    def _learn_from(self, error: StorageUnavailable) -> bool:
        """Note what *error* says of the files and the disk; true if the disk is full."""
        if not self._files.are_all_in_place():
            self._give_up()
        elif self._disk_space.is_cause_of(error.__cause__):
            self._disk_space.note_want()
            return True
        return False

    def _no_room(self) -> StorageUnavailable:
        found = full_disk(self.path)
        return StorageUnavailable(str(found), *found.advice)

    def _write(self, connection: sqlite3.Connection, work: Work[T], deadline: float) -> T:
        self._begin(connection, deadline)
        try:
            result = work(connection)
            self._refuse_lost_files()
            self._wait_for(connection, "COMMIT", deadline - time.monotonic())
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            raise
        return result

    def _refuse_after_a_loss(self) -> None:
        if self._loss.is_known:
            raise StorageUnavailable(REFUSAL)

    def _refuse_lost_files(self) -> None:
        if not self._files.are_all_in_place():
            raise StorageUnavailable(REFUSAL)

    def _begin(self, connection: sqlite3.Connection, deadline: float) -> None:
        self._wait_for(connection, "BEGIN IMMEDIATE", deadline - time.monotonic())
        if time.monotonic() >= deadline:  # the caller has had its 503: nothing may be written now
            connection.execute("ROLLBACK")
            raise StorageUnavailable("the write lock came too late")

    def _read(self, work: Work[T]) -> T:
        self._refuse_after_a_loss()
        if self._writer is None:
            raise StorageUnavailable("the store is not open")
        with own_errors():
            connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
            if connection is None:
                connection = self._local.connection = self._unused_readers.get_nowait()
            return work(connection)

    def _wait_for(self, connection: sqlite3.Connection, sql: str, timeout_seconds: float) -> None:
        deadline = time.monotonic() + timeout_seconds
        while True:
            try:
                connection.execute(sql)
            except sqlite3.OperationalError as error:
                if not is_locked(error) or time.monotonic() >= deadline:
                    raise
                time.sleep(LOCK_POLL_SECONDS)
            else:
                return

    def _make_folder(self) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise StoreUnusable(f"{self.path} cannot be made: {error.strerror}.") from None

    def _make_file(self) -> None:
        """
        Make an empty file that only its owner may read: it will hold personal data.

        A file that is there is not opened: to close it again would end all locks of SQLite's that
        this process has on it.
        """
        try:
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
            self.is_new = True
        except FileExistsError:
            pass
        except OSError as error:
            raise StoreUnusable(f"{self.path} cannot be made: {error.strerror}.") from None
