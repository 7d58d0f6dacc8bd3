"""Users are in a copy, and nobody is signed in by one."""

import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.sqlite import (
    SqliteSessionRegister,
    SqliteSignInTries,
    SqliteStoreBackup,
    SqliteUserRegister,
)
from domain.users.link import SignInLink
from domain.users.session import Session
from domain.users.tokens import digest_of
from domain.users.user import User
from tests.adapters.sqlite.conftest import Open
from tests.contracts.store_backup import fine, quiet
from tests.contracts.users.sign_in_tries import take
from tests.support.builders import NOW, a_session, a_user

LINK = SignInLink(digest=digest_of("a link"), expires_at=NOW, sets_password=True)
INVITED = a_user(admin=True, password="$argon2id$…", link=LINK)
USER = replace(INVITED, link=None)


@pytest.fixture
async def session(open_store: Open, path: Path) -> Session:
    """In a store that was closed, so that all of it is in its main file."""
    session = a_session(USER)
    with closing(open_store(path)) as database:
        await SqliteUserRegister(database).add(INVITED)
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


async def test_a_copy_has_the_users_and_no_byte_of_their_sessions_and_links(
    open_store: Open, backup: SqliteStoreBackup, path: Path, file: Path, session: Session
) -> None:
    assert session.digest in content_of(path)

    backup.save(file, quiet)

    assert session.digest not in content_of(file)
    assert LINK.digest in content_of(path)
    assert LINK.digest not in content_of(file)
    assert b"a subject" not in content_of(file)
    assert await users_and_session(open_store, path, session) == ([INVITED], session)
    backup.put_back(file, fine, replace=True)
    assert await users_and_session(open_store, path, session) == ([USER], None)


async def test_what_was_copied_by_other_means_signs_nobody_in_either(
    open_store: Open, backup: SqliteStoreBackup, path: Path, file: Path, session: Session
) -> None:
    shutil.copy(path, file)

    backup.put_back(file, fine, replace=True)

    assert session.digest not in content_of(path)
    assert LINK.digest not in content_of(path)
    assert await users_and_session(open_store, path, session) == ([USER], None)
