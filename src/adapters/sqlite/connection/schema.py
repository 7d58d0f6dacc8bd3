"""
The tables, and how a file becomes a store of this version.

Moments are whole milliseconds since 1970 in UTC. JSON is text.
The unique indexes are the only locks on numbers, places, identities, messages and keys.
"""

from functools import lru_cache

import orjson

from adapters.sqlite.connection.driver import sqlite3
from adapters.store_tools.lead_sums import CHUNK
from domain.errors import Advice, AdviceCode, StoreUnusable
from domain.lead import LeadDetails
from domain.leads.origin import Origin, origin_of

APPLICATION_ID = 0x53574352  # "SWCR": says whose file this is (PRAGMA application_id)

_VERSION_1 = (
    """
    CREATE TABLE projects (
        project_id TEXT PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        created_at INTEGER NOT NULL,
        settings TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE keys (
        key_id TEXT PRIMARY KEY,
        project_id TEXT NOT NULL REFERENCES projects,
        digest BLOB NOT NULL UNIQUE,
        hint TEXT NOT NULL,
        label TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        last_used_at INTEGER,
        revoked_at INTEGER,
        channel TEXT,
        readable TEXT
    ) STRICT
    """,
    "CREATE INDEX keys_of_project ON keys (project_id)",
    """
    CREATE UNIQUE INDEX one_key_per_channel ON keys (project_id, channel)
    WHERE channel IS NOT NULL AND revoked_at IS NULL
    """,
    """
    CREATE TABLE channel_settings (
        project_id TEXT NOT NULL REFERENCES projects,
        channel TEXT NOT NULL,
        name TEXT NOT NULL,
        chosen TEXT NOT NULL,
        PRIMARY KEY (project_id, channel, name)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE leads (
        project_id TEXT NOT NULL REFERENCES projects,
        lead_id INTEGER NOT NULL CHECK (lead_id > 0),
        capture_id TEXT NOT NULL,
        channel TEXT NOT NULL,
        captured_at INTEGER NOT NULL,
        month TEXT NOT NULL,
        place INTEGER CHECK (place > 0),
        request_id TEXT NOT NULL,
        idempotency_key TEXT,
        idempotency_fingerprint BLOB,
        details TEXT NOT NULL,
        PRIMARY KEY (project_id, lead_id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE UNIQUE INDEX one_lead_per_capture ON leads (project_id, capture_id)",
    """
    CREATE UNIQUE INDEX one_lead_per_place ON leads (project_id, month, place)
    WHERE place IS NOT NULL
    """,
    """
    CREATE UNIQUE INDEX one_lead_per_idempotency_key ON leads (project_id, idempotency_key)
    WHERE idempotency_key IS NOT NULL
    """,
    """
    CREATE TABLE identities (
        project_id TEXT NOT NULL,
        channel TEXT NOT NULL,
        kind TEXT NOT NULL,
        value TEXT NOT NULL,
        lead_id INTEGER NOT NULL,
        PRIMARY KEY (project_id, channel, kind, value),
        FOREIGN KEY (project_id, lead_id) REFERENCES leads
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE messages (
        number INTEGER PRIMARY KEY,
        project_id TEXT NOT NULL,
        channel TEXT NOT NULL,
        message_id TEXT NOT NULL,
        lead_id INTEGER NOT NULL,
        type TEXT NOT NULL,
        text TEXT,
        sent_at INTEGER,
        request_id TEXT NOT NULL,
        raw TEXT NOT NULL,
        FOREIGN KEY (project_id, lead_id) REFERENCES leads
    ) STRICT
    """,
    "CREATE UNIQUE INDEX one_row_per_message ON messages (project_id, channel, message_id)",
    "CREATE INDEX messages_of_lead ON messages (project_id, lead_id)",
)

_VERSION_2: tuple[str, ...] = (
    """
    CREATE TABLE held (
        number INTEGER PRIMARY KEY,
        project_id TEXT NOT NULL REFERENCES projects,
        held_id TEXT NOT NULL,
        once TEXT NOT NULL,
        code TEXT NOT NULL,
        at INTEGER NOT NULL,
        channel TEXT NOT NULL,
        request_id TEXT NOT NULL,
        origin TEXT,
        body TEXT NOT NULL,
        capture TEXT
    ) STRICT
    """,
    "CREATE UNIQUE INDEX one_row_per_held_call ON held (project_id, held_id)",
    "CREATE UNIQUE INDEX held_once ON held (project_id, once)",
    "CREATE INDEX held_for_a_reason ON held (project_id, code, held_id, at)",
    "CREATE INDEX projects_that_hold ON held (code, project_id)",
    "CREATE INDEX settings_of_a_name ON channel_settings (channel, name)",
    """
    CREATE TABLE channel_events (
        project_id TEXT NOT NULL,
        channel TEXT NOT NULL,
        event TEXT NOT NULL,
        last_at INTEGER NOT NULL,
        PRIMARY KEY (project_id, channel, event)
    ) STRICT, WITHOUT ROWID
    """,
    "ALTER TABLE leads ADD COLUMN joined_into INTEGER CHECK (joined_into < lead_id)",
    "CREATE INDEX joined_leads ON leads (project_id, joined_into) WHERE joined_into IS NOT NULL",
    """
    CREATE TABLE links (
        project_id TEXT NOT NULL REFERENCES projects,
        channel TEXT NOT NULL,
        kind TEXT NOT NULL,
        value TEXT NOT NULL,
        other_kind TEXT NOT NULL,
        other_value TEXT NOT NULL,
        PRIMARY KEY (project_id, channel, kind, value, other_kind, other_value)
    ) STRICT, WITHOUT ROWID
    """,
)

_VERSION_3: tuple[str, ...] = (
    "ALTER TABLE keys ADD COLUMN for_page INTEGER NOT NULL DEFAULT 0 CHECK (for_page IN (0, 1))",
)

_VERSION_4: tuple[str, ...] = (
    # Deliveries of before may have brought something: nobody noted it, and leads say so.
    """
    INSERT INTO channel_events
    SELECT project_id, channel, 'last_item_at', last_at FROM channel_events
    WHERE event = 'last_delivery_at'
    """,
)

_VERSION_5: tuple[str, ...] = (
    "ALTER TABLE held ADD COLUMN times INTEGER NOT NULL DEFAULT 1",
    "ALTER TABLE held ADD COLUMN last_at INTEGER",
    "ALTER TABLE held ADD COLUMN body_base64 TEXT",
    "ALTER TABLE held ADD COLUMN size INTEGER NOT NULL DEFAULT 0",
    # With the ids in a capture, which are left out of what is held from now on (`HeldCall.size`).
    "UPDATE held SET size = length(CAST(body || coalesce(capture, '') AS BLOB))",
    # With the channel and the size: so no held call is read to be skipped or counted.
    "DROP INDEX held_for_a_reason",
    """
    CREATE INDEX held_for_a_reason ON held (project_id, code, held_id, at, channel, size)
    """,
)

_VERSION_6: tuple[str, ...] = (
    "ALTER TABLE held ADD COLUMN says TEXT",
    "CREATE INDEX held_alike ON held (project_id, says, held_id) WHERE says IS NOT NULL",
)

_VERSION_7: tuple[str, ...] = (
    """
    CREATE TABLE users (
        user_id TEXT PRIMARY KEY,
        email TEXT NOT NULL UNIQUE,
        created_at INTEGER NOT NULL,
        admin INTEGER NOT NULL CHECK (admin IN (0, 1)),
        project_ids TEXT NOT NULL,
        password TEXT,
        last_sign_in_at INTEGER,
        generation INTEGER NOT NULL,
        link_digest BLOB UNIQUE,
        link_expires_at INTEGER,
        link_sets_password INTEGER CHECK (link_sets_password IN (0, 1))
    ) STRICT
    """,
    """
    CREATE TABLE sessions (
        digest BLOB PRIMARY KEY,
        user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
        created_at INTEGER NOT NULL,
        last_used_at INTEGER NOT NULL,
        generation INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE INDEX sessions_of_user ON sessions (user_id)",
    "CREATE INDEX sessions_by_use ON sessions (last_used_at)",
    "CREATE TABLE sign_in_tries (subject TEXT NOT NULL, at INTEGER NOT NULL) STRICT",
    "CREATE INDEX tries_of_subject ON sign_in_tries (subject, at)",
    "CREATE INDEX tries_by_age ON sign_in_tries (at)",
)

_VERSION_8: tuple[str, ...] = (
    "ALTER TABLE leads ADD COLUMN source TEXT",
    "ALTER TABLE leads ADD COLUMN campaign TEXT",
    """
    UPDATE leads SET source = source_of(details), campaign = campaign_of(details)
    WHERE source_of(details) IS NOT NULL OR campaign_of(details) IS NOT NULL
    """,
    """
    CREATE TABLE lead_sums (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        project_id TEXT NOT NULL,
        chunk INTEGER NOT NULL,
        sums TEXT NOT NULL,
        UNIQUE (project_id, chunk)
    ) STRICT
    """,
    *(
        f"""
        CREATE TRIGGER {name} AFTER {change} BEGIN
            DELETE FROM lead_sums
            WHERE project_id = OLD.project_id AND chunk = (OLD.lead_id - 1) / {CHUNK};
        END
        """
        for name, change in (
            ("sums_without_a_lead", "DELETE ON leads"),
            (
                "sums_of_a_changed_lead",
                """
                UPDATE OF channel, captured_at, source, campaign, joined_into ON leads
                WHEN (OLD.channel, OLD.captured_at, OLD.source, OLD.campaign, OLD.joined_into)
                IS NOT (NEW.channel, NEW.captured_at, NEW.source, NEW.campaign, NEW.joined_into)
                """,
            ),
        )
    ),
)

_VERSION_9: tuple[str, ...] = (
    # Ids grow with time: so the leads of a batch share a page of this index, whoever they are of.
    "DROP INDEX one_lead_per_capture",
    "CREATE UNIQUE INDEX one_lead_per_capture ON leads (capture_id, project_id)",
)

_VERSIONS = (
    _VERSION_1,
    _VERSION_2,
    _VERSION_3,
    _VERSION_4,
    _VERSION_5,
    _VERSION_6,
    _VERSION_7,
    _VERSION_8,
    _VERSION_9,
)
"""What makes each version from the one before."""
SCHEMA_VERSION = len(_VERSIONS)


def prepare(connection: sqlite3.Connection, path: str) -> None:
    """
    Make the tables that are missing; the caller holds the write lock.

    Raises:
        StoreUnusable: The file is another program's, or a newer version's.
    """
    owner = connection.execute("PRAGMA application_id").fetchone()[0]
    if owner != APPLICATION_ID:
        if connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
            raise StoreUnusable(f"{path} is a database of another program.")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    version = known_version(connection, path)
    if version < SCHEMA_VERSION:
        upgrade(connection, version, SCHEMA_VERSION)


def upgrade(connection: sqlite3.Connection, version: int, to: int) -> None:
    """Make a later version of *version*; 0 is an empty file."""
    connection.create_function("source_of", 1, _source_of, deterministic=True)
    connection.create_function("campaign_of", 1, _campaign_of, deterministic=True)
    for statements in _VERSIONS[version:to]:
        for statement in statements:
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {to}")


@lru_cache(maxsize=1)
def _origin_of(details: str) -> Origin:
    return origin_of(LeadDetails.of(orjson.loads(details)))


def _source_of(details: str) -> str | None:
    return _origin_of(details).source


def _campaign_of(details: str) -> str | None:
    return _origin_of(details).campaign


def known_version(connection: sqlite3.Connection, path: str) -> int:
    """
    The version of the schema; 0 where there is none yet.

    Raises:
        StoreUnusable: The file is another program's, or a newer version's.
    """
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise StoreUnusable(f"{path} is not a store of this program.")
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > SCHEMA_VERSION:
        raise StoreUnusable(
            f"{path} was written by a newer version of this program"
            f" (schema {version}, this program knows {SCHEMA_VERSION}).",
            Advice(AdviceCode.RUN_NEWER_PROGRAM),
        )
    return version
