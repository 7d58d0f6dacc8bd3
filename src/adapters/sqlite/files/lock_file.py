"""
The file of the store's lock, made and opened so that it is never somebody else's file.

Whoever may write in the folder can put anything at its name, and root opens it as well. What is
found there is not followed, not written and not given away where it cannot be the lock.
"""

import contextlib
import os
import stat
from pathlib import Path

from adapters.sqlite.files.copies import A_LINK, ROOT, give_to_owner
from application.ports.errors import StoreUnusable

LENGTH = 200
"""Bytes that are written into it: the identities of three files need 140 at most."""

_CHARACTERS = b"[]0123456789, nul\n\0"
"""All that a lock has in it, even if a crash left half of it."""
_FLAGS = os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK  # a pipe would wait for who writes into it


def open_lock_file(file: Path, store: Path) -> int:
    """
    A descriptor of *file*, which is made if it is not there.

    Raises:
        StoreUnusable: It cannot be opened, or is not the lock; the text says what to do.
    """
    try:
        made = _made(file, store)
        return _found(file, store) if made is None else made
    except OSError as error:
        if error.errno in A_LINK:
            raise StoreUnusable(_not_the_lock(file, "is a symbolic link")) from error
        if isinstance(error, PermissionError):
            raise StoreUnusable(_no_right_to(file, store)) from error
        raise StoreUnusable(f"{file} cannot be opened: {error.strerror}.") from error


def _made(file: Path, store: Path) -> int | None:
    try:
        descriptor = os.open(file, _FLAGS | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return None
    # Root in a container may lack the right to; the lock is good for root all the same.
    with contextlib.suppress(OSError):
        give_to_owner(descriptor, store)
        _give_rights_of(store, descriptor)
    return descriptor


def _found(file: Path, store: Path) -> int:
    descriptor = os.open(file, _FLAGS)
    try:
        _refuse_what_is_not_the_lock(file, descriptor)
    except BaseException:
        os.close(descriptor)
        raise
    # The store's rights may be others by now. Root's own file could be any that was moved here.
    if os.fstat(descriptor).st_uid == os.geteuid() != ROOT:
        with contextlib.suppress(OSError):
            _give_rights_of(store, descriptor)
    return descriptor


def _give_rights_of(store: Path, descriptor: int) -> None:
    """Whoever may write the store must be able to lock it: SQLite does the same for its log."""
    if not store.exists():
        return
    wanted, found = store.stat(), os.fstat(descriptor)
    if found.st_gid != wanted.st_gid:
        os.fchown(descriptor, -1, wanted.st_gid)
    if found.st_mode & 0o777 != wanted.st_mode & 0o666:
        os.fchmod(descriptor, wanted.st_mode & 0o666)


def _refuse_what_is_not_the_lock(file: Path, descriptor: int) -> None:
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        raise StoreUnusable(_not_the_lock(file, "is no ordinary file"))
    if found.st_nlink > 1:
        raise StoreUnusable(_not_the_lock(file, "has a second name"))
    # Another file may have been moved here, and what is in it would be overwritten.
    if found.st_size > LENGTH or os.pread(descriptor, LENGTH, 0).strip(_CHARACTERS):
        raise StoreUnusable(_not_the_lock(file, "has something else in it"))


def _no_right_to(file: Path, store: Path) -> str:
    return (
        f"{file} cannot be opened: this user has not the right to. Let its owner give it the"
        f" group and the rights that {store} has; the folder needs the same group, which must be"
        " able to make files in it."
    )


def _not_the_lock(file: Path, reason: str) -> str:
    return (
        f"{file} {reason}, so it is not the lock of the store, and was left as it is. End every"
        " process that uses the store, move that file away, then start again."
    )
