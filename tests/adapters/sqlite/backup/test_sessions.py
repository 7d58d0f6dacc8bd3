"""Users are in a copy, and nobody is signed in by one."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from adapters.sqlite import (
    SqliteSessionRegister,
    SqliteSignInTries,
    SqliteStoreBackup,
    SqliteUserRegister,
)
from domain.users.session import Session
from domain.users.user import User
from tests.adapters.sqlite.conftest import Open
from tests.contracts.store_backup import fine, quiet
from tests.contracts.users.sign_in_tries import take
from tests.support.builders import a_session, a_user

USER = a_user(admin=True, password="$argon2id$…")


@pytest.fixture
async def session(open_store: Open, path: Path) -> Session:
    """In a store that was closed, so that all of it is in its main file."""
    session = a_session(USER)
    with closing(open_store(path)) as database:
        await SqliteUserRegister(database).add(USER)
        await SqliteSessionRegister(database).add(session)
        await take(SqliteSignInTries(database), "a subject")
    return session


def content_of(file: Path) -> bytes:
    return file.read_bytes()


async def users_and_session(
    open_store: Open, path: Path, session: Session
) -> tuple[list[User], Session | None]:
    with closing(open_store(path, create=False)) as database:
        users = list(await SqliteUserRegister(database).all())
        return users, await SqliteSessionRegister(database).find(session.digest)


async def test_a_copy_has_the_users_and_no_byte_of_their_sessions(
    open_store: Open, backup: SqliteStoreBackup, path: Path, file: Path, session: Session
) -> None:
    assert session.digest in content_of(path)

    backup.save(file, quiet)

    assert session.digest not in content_of(file)
    assert b"a subject" not in content_of(file)
    assert await users_and_session(open_store, path, session) == ([USER], session)
    backup.put_back(file, fine, replace=True)
    assert await users_and_session(open_store, path, session) == ([USER], None)


async def test_what_was_copied_by_other_means_signs_nobody_in_either(
    open_store: Open, backup: SqliteStoreBackup, path: Path, file: Path, session: Session
) -> None:
    shutil.copy(path, file)

    backup.put_back(file, fine, replace=True)

    assert session.digest not in content_of(path)
    assert await users_and_session(open_store, path, session) == ([USER], None)
