"""Captures become leads in one transaction a batch."""

import sqlite3
from collections.abc import Sequence
from typing import Any

import orjson

from adapters.sqlite.database import SqliteDatabase
from adapters.sqlite.moments import to_store, to_store_or_none
from adapters.sqlite.places import FreeNumbers, FreePlaces, FullMonths
from application.ports.lead_ledger import (
    Batch,
    Capture,
    How,
    Kept,
    LeadLedger,
    NotKept,
    Outcome,
    Why,
)

_INSERT_LEAD = """
INSERT INTO leads (project_id, lead_id, capture_id, channel, captured_at, month, place,
                   request_id, idempotency_key, idempotency_fingerprint, details)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_INSERT_IDENTITY = """
INSERT OR IGNORE INTO identities (project_id, channel, kind, value, lead_id) VALUES (?, ?, ?, ?, ?)
"""
_INSERT_MESSAGE = """
INSERT INTO messages
    (project_id, channel, message_id, lead_id, type, text, sent_at, request_id, raw)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_FIND_CAPTURE = "SELECT lead_id FROM leads WHERE project_id = ? AND capture_id = ?"
_FIND_MESSAGE = """
SELECT lead_id FROM messages WHERE project_id = ? AND channel = ? AND message_id = ?
"""
_FIND_KEY = """
SELECT lead_id, idempotency_fingerprint FROM leads WHERE project_id = ? AND idempotency_key = ?
"""
_FIND_IDENTITY = """
SELECT lead_id FROM identities WHERE project_id = ? AND channel = ? AND kind = ? AND value = ?
"""


class SqliteLeadLedger(LeadLedger):
    """Records a batch under the write lock, so that what it finds free stays free."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database
        self._full: FullMonths = {}

    async def record(self, batch: Batch, timeout_seconds: float) -> Sequence[Outcome]:
        """One transaction for the whole batch."""
        encoded = [_encode(capture) for capture in batch.captures]

        def work(connection: sqlite3.Connection) -> tuple[list[Outcome], FullMonths]:
            recording = _Recording(connection, batch, self._full)
            outcomes = [
                NotKept(Why.UNWRITABLE) if details is None else recording.record(capture, details)
                for capture, details in zip(batch.captures, encoded, strict=True)
            ]
            return outcomes, recording.places.found_full

        outcomes, full = await self._database.write(work, timeout_seconds)
        self._full |= full  # only now: a batch that was undone proves nothing
        return outcomes


def _encode(capture: Capture) -> str | None:
    """
    The details as JSON text; None if anything of the capture cannot be stored.

    Done before the transaction begins, so that a poisonous capture fails alone.
    """
    texts = [capture.capture_id, *(identity.value for identity in capture.identities)]
    if capture.message is not None:
        message = capture.message
        texts += [message.message_id, message.type, message.text or "", message.raw]
    try:
        for text in texts:
            text.encode()
        return orjson.dumps(capture.details.present()).decode()
    except (TypeError, UnicodeEncodeError):  # orjson's JSONEncodeError is a TypeError
        return None


class _Recording:
    """One batch while it is being recorded."""

    def __init__(self, connection: sqlite3.Connection, batch: Batch, full: FullMonths) -> None:
        self._connection = connection
        self._month = str(batch.month)
        self._numbers = FreeNumbers(connection)
        self.places = FreePlaces(connection, batch.month, batch.limits, full)

    def record(self, capture: Capture, details: str) -> Outcome:
        """What is known is found before the plan is asked: it takes no place."""
        known = self._known(capture)
        if known is not None:
            return known
        if not capture.opens_lead:
            return NotKept(Why.NOBODY_KNOWN)
        place = self.places.take(capture.project_id) if capture.counts else None
        if capture.counts and place is None:
            return NotKept(Why.PLAN_FULL)
        lead_id = self._numbers.take(capture.project_id)
        self._insert_lead(capture, details, lead_id, place)
        self._attach(capture, lead_id)
        return Kept(lead_id, How.NEW)

    def _known(self, capture: Capture) -> Outcome | None:
        project_id, channel = capture.project_id, capture.channel
        if row := self._find(_FIND_CAPTURE, project_id, capture.capture_id):
            return Kept(row[0], How.NEW)
        if (key := capture.idempotency) and (row := self._find(_FIND_KEY, project_id, key.key)):
            same = row[1] == key.fingerprint
            return Kept(row[0], How.REPLAYED) if same else NotKept(Why.KEY_REUSED)
        message = capture.message
        if message and (row := self._find(_FIND_MESSAGE, project_id, channel, message.message_id)):
            return Kept(row[0], How.KNOWN_MESSAGE)
        for identity in capture.identities:
            row = self._find(_FIND_IDENTITY, project_id, channel, identity.kind, identity.value)
            if row:
                self._attach(capture, row[0])
                return Kept(row[0], How.KNOWN_PERSON)
        return None

    def _find(self, query: str, *values: str) -> Any:
        return self._connection.execute(query, values).fetchone()

    def _insert_lead(self, capture: Capture, details: str, lead_id: int, place: int | None) -> None:
        key = capture.idempotency
        self._connection.execute(
            _INSERT_LEAD,
            (
                capture.project_id,
                lead_id,
                capture.capture_id,
                capture.channel,
                to_store(capture.captured_at),
                self._month,
                place,
                capture.request_id,
                key.key if key else None,
                key.fingerprint if key else None,
                details,
            ),
        )

    def _attach(self, capture: Capture, lead_id: int) -> None:
        """Remember the person's identities that are new, and the message."""
        project_id, channel = capture.project_id, capture.channel
        for identity in capture.identities:
            row = (project_id, channel, identity.kind, identity.value, lead_id)
            self._connection.execute(_INSERT_IDENTITY, row)
        if message := capture.message:
            self._connection.execute(
                _INSERT_MESSAGE,
                (
                    project_id,
                    channel,
                    message.message_id,
                    lead_id,
                    message.type,
                    message.text,
                    to_store_or_none(message.sent_at),
                    capture.request_id,
                    message.raw,
                ),
            )
