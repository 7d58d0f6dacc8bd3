"""API keys, by digest."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from adapters.sqlite.connection.database import SqliteDatabase
from adapters.sqlite.connection.driver import sqlite3
from adapters.sqlite.connection.moments import (
    from_store,
    from_store_or_none,
    to_store,
    to_store_or_none,
)
from adapters.sqlite.connection.rows import rows_in_one
from application.ports.key_register import KeyRegister
from domain.api_key import ApiKey
from domain.errors import Advice, AdviceCode, NotFound

_COLUMNS = """
key_id, project_id, digest, hint, label, created_at, last_used_at, revoked_at, channel, readable,
for_page
"""
_READ = _COLUMNS.replace("digest", "hex(digest)")
"""As `_from_row` reads them: JSON has no bytes."""
_INSERT = f"INSERT INTO keys ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_FIND_SAME = f"""
SELECT {_READ} FROM keys
WHERE digest = ? OR (project_id = ? AND channel = ? AND revoked_at IS NULL)
"""


class SqliteKeyRegister(KeyRegister):
    """Every method is one statement, or one transaction."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def add(self, key: ApiKey) -> ApiKey:
        """Keep a new key, or find the same one, or the one that the channel has."""

        def work(connection: sqlite3.Connection) -> ApiKey:
            values = (key.digest, key.project_id, key.channel)
            row = connection.execute(_FIND_SAME, values).fetchone()
            if row is not None:
                return _from_row(row)
            connection.execute(_INSERT, _to_row(key))
            return key

        return await self._database.write(work)

    async def find_many(self, digests: Sequence[bytes]) -> Sequence[ApiKey | None]:
        """The key with each of these digests."""
        rows = f"CAST(json_group_array(json_array({_READ})) AS BLOB)"
        query = f"SELECT {rows} FROM keys WHERE digest IN ({', '.join('?' * len(digests))})"

        def work(connection: sqlite3.Connection) -> list[ApiKey | None]:
            keys = map(_from_row, rows_in_one(connection.execute(query, digests)))
            found = {key.digest: key for key in keys}
            return [found.get(digest) for digest in digests]

        return await self._database.read(work)

    async def of_project(self, project_id: str) -> Sequence[ApiKey]:
        """Every key of a project."""

        def work(connection: sqlite3.Connection) -> list[ApiKey]:
            query = f"SELECT {_READ} FROM keys WHERE project_id = ? ORDER BY created_at, rowid"
            return [_from_row(row) for row in connection.execute(query, (project_id,))]

        return await self._database.read(work)

    async def revoke(self, key_id: str, at: datetime) -> ApiKey:
        """Close a key for good."""
        query = f"""
        UPDATE keys SET revoked_at = coalesce(revoked_at, ?) WHERE key_id = ? RETURNING {_READ}
        """

        def work(connection: sqlite3.Connection) -> ApiKey:
            row = connection.execute(query, (to_store(at), key_id)).fetchone()
            if row is None:
                raise NotFound(f"There is no key {key_id!r}.", Advice(AdviceCode.LIST_KEYS))
            return _from_row(row)

        return await self._database.write(work)

    async def mark_used(self, last_used: Mapping[str, datetime]) -> None:
        """The later moment of the two stays."""
        query = "UPDATE keys SET last_used_at = max(coalesce(last_used_at, 0), ?) WHERE key_id = ?"
        rows = [(to_store(moment), key_id) for key_id, moment in last_used.items()]

        def work(connection: sqlite3.Connection) -> None:
            connection.executemany(query, rows)

        await self._database.write(work)


def _to_row(key: ApiKey) -> tuple[Any, ...]:
    return (
        key.key_id,
        key.project_id,
        key.digest,
        key.hint,
        key.label,
        to_store(key.created_at),
        to_store_or_none(key.last_used_at),
        to_store_or_none(key.revoked_at),
        key.channel,
        key.readable,
        key.for_page,
    )


def _from_row(row: Sequence[Any]) -> ApiKey:
    key_id, project_id, digest, hint, label, created, used, revoked, channel, readable, page = row
    return ApiKey(
        key_id=key_id,
        project_id=project_id,
        digest=bytes.fromhex(digest),
        hint=hint,
        label=label,
        created_at=from_store(created),
        last_used_at=from_store_or_none(used),
        revoked_at=from_store_or_none(revoked),
        channel=channel,
        readable=readable,
        for_page=bool(page),
    )
