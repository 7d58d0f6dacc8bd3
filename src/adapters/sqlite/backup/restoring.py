"""A backup becomes the store, while nobody has the store open."""

import contextlib
import errno
import glob
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from adapters.sqlite.backup.content import content_of, verified
from adapters.sqlite.backup.sessions import leave_sessions_out
from adapters.sqlite.connection.driver import sqlite3
from adapters.sqlite.connection.errors import is_locked
from adapters.sqlite.connection.schema import known_version
from adapters.sqlite.files.copies import (
    SIDES,
    beside,
    connect,
    dated,
    forget,
    give_it_a_log,
    give_to_owner,
    open_new,
    unused_name,
)
from adapters.sqlite.files.lock import StoreLock
from adapters.sqlite.files.restore_plan import RestorePlan, finish_restoring, plan_file
from domain.backup import PutBack, StoreContent
from domain.errors import (
    Advice,
    AdviceCode,
    BackupUnusable,
    NameTaken,
    StoreInUse,
    StoreUnusable,
)

DRAFT_ENDING = ".restore"


class Restoring:
    """
    Puts a backup in the place of a store; see `StoreBackup.put_back`.

    Everything is prepared beside the store and checked before anything is decided. The decision
    is one file, the plan (`restore_plan`): killed before it is written, a restore leaves drafts,
    which the next one deletes; killed after it, whoever opens the store next carries it out.
    """

    def __init__(self, store: Path, key_file: Path) -> None:
        self._store = store
        self._key_file = key_file

    def __call__(
        self, file: Path, key: Path, check: Callable[[StoreContent], None], *, replace: bool
    ) -> PutBack:
        """
        Check everything, decide, then do it.

        Nobody else can use the store meanwhile. The store's lock keeps out this program's other
        processes; SQLite's exclusive lock on the old file, programs of others that know nothing
        of ours.
        """
        _refuse_file(file, self._store)
        with self._nobody_else():
            finish_restoring(self._store)
            with self._old_store(replace=replace) as has_old:
                aside = dated(self._store, "replaced")
                with contextlib.ExitStack() as drafts:
                    self._forget_drafts()
                    new = self._copied(drafts, file)
                    content = verified(new)
                    check(content)
                    leave_sessions_out(new)
                    give_it_a_log(new)
                    new_key = self._new_key(drafts, key)
                    key_draft = new_key.name if new_key else ""
                    plan = RestorePlan(new.name, key_draft, self._key_file.name, aside.name)
                    try:
                        plan.write(self._store)
                    finally:  # Ctrl-C may come when the plan is there and write() has not returned
                        if plan_file(self._store).exists():
                            drafts.pop_all()  # the plan needs them: they are not deleted here
                finish_restoring(self._store)
        return PutBack(content, aside if has_old else None, self._key_file if new_key else None)

    @contextlib.contextmanager
    def _nobody_else(self) -> Iterator[None]:
        lock = StoreLock(self._store)
        try:
            self._store.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not lock.take_alone():
                raise _in_use(self._store)
            yield
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                reason = "its disk is full"
            else:
                reason = str(error.strerror)
            raise StoreUnusable(
                f"The backup cannot be put at {self._store}: {reason}. Nothing was changed."
            ) from error
        finally:
            lock.release()

    @contextlib.contextmanager
    def _old_store(self, *, replace: bool) -> Iterator[bool]:
        """
        Whether there is an old store; while the block lasts no other program can open it either.

        Its log is copied into its main file, so that one file has all of it.
        """
        if not self._store.exists() or self._store.stat().st_size == 0:
            yield False
            return
        with contextlib.ExitStack() as stack:
            content = None
            if _is_a_store(self._store):  # else SQLite would throw its log away
                old = stack.enter_context(contextlib.closing(connect(self._store)))
                content = self._made_one_file(old)
            if not replace and (content is None or content.projects):
                raise _there_is(self._store, content)
            yield True

    def _made_one_file(self, old: sqlite3.Connection) -> StoreContent | None:
        """What the old store has, once its log is in its main file; None if it is damaged."""
        try:
            # Before the first look: set then, exclusive locking also meets connections that are
            # open and idle.
            old.execute("PRAGMA busy_timeout = 0")
            old.execute("PRAGMA locking_mode = EXCLUSIVE")
            old.execute("BEGIN EXCLUSIVE")
            content = content_of(old, known_version(old, str(self._store)), 0)
            old.execute("COMMIT")
            old.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.Error as error:
            old.close()
            if is_locked(error):
                raise _in_use(self._store) from error
            return None
        return content

    def _forget_drafts(self) -> None:
        """Delete the drafts of a restore that was killed before it wrote its plan."""
        pattern = f"{glob.escape(self._store.name)}.*{DRAFT_ENDING}"
        for ending in ("", *SIDES):
            for left in self._store.parent.glob(f"{pattern}{ending}"):
                left.unlink()

    def _copied(self, stack: contextlib.ExitStack, source: Path) -> Path:
        new = unused_name(self._store, DRAFT_ENDING)
        with source.open("rb") as content, os.fdopen(open_new(new), "wb") as opened:
            stack.callback(forget, new)
            give_to_owner(opened.fileno(), self._store)
            shutil.copyfileobj(content, opened, 2**20)
            opened.flush()
            os.fsync(opened.fileno())
        return new

    def _new_key(self, stack: contextlib.ExitStack, key: Path) -> Path | None:
        if not key.exists():
            return None
        if self._key_file.exists() and self._key_file.read_bytes() == key.read_bytes():
            return None
        if self._key_file.parent != self._store.parent:
            # They change together only where both are renamed in one folder, by one plan.
            raise BackupUnusable(
                "The store is reached through a symbolic link, and the key of its secrets is not"
                f" beside it but at {self._key_file}.",
                Advice(AdviceCode.MOVE_KEY_YOURSELF, {"old": self._key_file, "new": key}),
            )
        return self._copied(stack, key)


def _refuse_file(file: Path, store: Path) -> None:
    if not file.is_file():
        raise BackupUnusable(f"There is no file {file}.")
    if store.exists() and file.samefile(store):
        raise BackupUnusable(f"{file} is the store itself.")
    log = beside(file, "-wal")
    if log.exists() and log.stat().st_size:
        raise BackupUnusable(
            f"{file} has a log beside it, {log}: it was copied by hand, or is open.",
            Advice(AdviceCode.USE_BACKUP_COMMAND),
        )
    try:
        file.open("rb").close()
    except OSError as error:
        raise BackupUnusable(f"{file} cannot be read: {error.strerror}.") from error


def _is_a_store(store: Path) -> bool:
    try:
        with contextlib.closing(connect(store, "mode=ro&immutable=1")) as connection:
            known_version(connection, str(store))
    except (sqlite3.Error, StoreUnusable):
        return False
    return True


def _in_use(store: Path) -> StoreInUse:
    return StoreInUse(f"{store} is open in another process.", Advice(AdviceCode.CLOSE_STORE))


def _there_is(store: Path, content: StoreContent | None) -> NameTaken:
    what = f", with {_counted(content)}" if content else ""
    text = f"There is a store at {store} already{what}."
    return NameTaken(text, Advice(AdviceCode.REPLACE_STORE))


def _counted(content: StoreContent) -> str:
    counts = {"lead": content.leads, "project": content.projects}
    leads, projects = (f"{n:,} {name}{'s' * (n != 1)}" for name, n in counts.items())
    return f"{leads} of {projects}"
