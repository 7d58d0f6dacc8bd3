"""Users, a row each."""

from collections.abc import Callable, Sequence
from typing import Any

import orjson

from adapters.sqlite.connection.database import SqliteDatabase
from adapters.sqlite.connection.driver import sqlite3
from adapters.sqlite.connection.moments import (
    from_store,
    from_store_or_none,
    to_store,
    to_store_or_none,
)
from adapters.store_tools.user_errors import email_taken, last_admin, no_such_user
from application.ports.user_register import UserRegister
from domain.users.link import SignInLink
from domain.users.user import Becomes, User

_COLUMNS = """
user_id, email, created_at, admin, project_ids, password, last_sign_in_at, generation,
link_digest, link_expires_at, link_sets_password
"""
_INSERT = f"INSERT INTO users ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_UPDATE = """
UPDATE users SET admin = ?, project_ids = ?, password = ?, last_sign_in_at = ?, generation = ?,
link_digest = ?, link_expires_at = ?, link_sets_password = ? WHERE user_id = ?
"""
_FIND = f"SELECT {_COLUMNS} FROM users WHERE user_id = ?1 OR email = ?1"
_WITH_LINK = f"SELECT {_COLUMNS} FROM users WHERE link_digest = ?"
_ALL = f"SELECT {_COLUMNS} FROM users ORDER BY created_at, rowid"
_HAS_OTHER_ADMIN = """
SELECT EXISTS (
    SELECT 1 FROM users WHERE admin AND user_id != :id AND (password IS NOT NULL OR NOT :signs_in)
)
"""
_DELETE = "DELETE FROM users WHERE user_id = ?"
_FIXED_COLUMNS = 3
"""Of those that are written, so many never change, and stand first."""


class SqliteUserRegister(UserRegister):
    """Changes are made under the write lock: none is lost, and an admin is left."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def add(self, user: User) -> None:
        """Keep a new user."""

        def work(connection: sqlite3.Connection) -> None:
            try:
                connection.execute(_INSERT, _to_row(user))
            except sqlite3.IntegrityError:
                raise email_taken(user.email) from None

        await self._database.write(work)

    async def find(self, id_or_email: str) -> User | None:
        """By id or address: no address looks like an id."""
        return await self._database.read(lambda connection: _one(connection, _FIND, id_or_email))

    async def with_link(self, digest: bytes) -> User | None:
        """The user whose link this is."""
        return await self._database.read(lambda connection: _one(connection, _WITH_LINK, digest))

    async def all(self) -> Sequence[User]:
        """Every user, oldest first."""

        def work(connection: sqlite3.Connection) -> list[User]:
            return [_from_row(row) for row in connection.execute(_ALL)]

        return await self._database.read(work)

    async def change(self, id_or_email: str, change: Callable[[User], Becomes]) -> Becomes:
        """Read, change and write under one lock; sessions go with their user, as the table says."""

        def work(connection: sqlite3.Connection) -> Becomes:
            before = _one(connection, _FIND, id_or_email)
            if before is None:
                raise no_such_user(id_or_email)
            after = change(before)
            if before.admin and (after is None or not after.admin):
                _refuse_last_admin(connection, before)
            if after is None:
                connection.execute(_DELETE, (before.user_id,))
            else:
                connection.execute(_UPDATE, (*_to_row(after)[_FIXED_COLUMNS:], before.user_id))
            return after

        return await self._database.write(work)


def _refuse_last_admin(connection: sqlite3.Connection, user: User) -> None:
    named = {"id": user.user_id, "signs_in": user.password is not None}
    if not connection.execute(_HAS_OTHER_ADMIN, named).fetchone()[0]:
        raise last_admin(user)


def _one(connection: sqlite3.Connection, query: str, value: str | bytes) -> User | None:
    row = connection.execute(query, (value,)).fetchone()
    return _from_row(row) if row else None


def _to_row(user: User) -> tuple[Any, ...]:
    link = user.link
    return (
        user.user_id,
        user.email,
        to_store(user.created_at),
        user.admin,
        orjson.dumps(user.project_ids).decode(),
        user.password,
        to_store_or_none(user.last_sign_in_at),
        user.generation,
        *((link.digest, to_store(link.expires_at), link.sets_password) if link else [None] * 3),
    )


def _from_row(row: tuple[Any, ...]) -> User:
    user_id, email, created_at, admin, project_ids, password, signed_in, generation, *link = row
    return User(
        user_id=user_id,
        email=email,
        created_at=from_store(created_at),
        admin=bool(admin),
        project_ids=tuple(orjson.loads(project_ids)),
        password=password,
        last_sign_in_at=from_store_or_none(signed_in),
        generation=generation,
        link=_link(*link),
    )


def _link(digest: bytes | None, expires_at: int, sets_password: int) -> SignInLink | None:
    if digest is None:
        return None
    return SignInLink(
        digest=digest, expires_at=from_store(expires_at), sets_password=bool(sets_password)
    )
