"""
Captures become leads in one transaction a batch.

`SqliteLeadLedger` takes the batch, a `_Recording` goes through its captures one by one.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from typing import Any

import orjson

from adapters.sqlite.connection.database import SqliteDatabase
from adapters.sqlite.connection.driver import sqlite3
from adapters.sqlite.connection.moments import to_store, to_store_or_none
from adapters.sqlite.leads.persons import Person, Persons
from adapters.sqlite.leads.places import FreeNumbers, FreePlaces, FullMonths, highest_of, is_full
from adapters.sqlite.leads.transaction import Transaction
from application.ports.lead_ledger import LeadLedger
from domain.capture import Batch, Capture, Kept, KeptAs, NotKept, NotKeptBecause, Outcome
from domain.leads.origin import origin_of

_INSERT_MESSAGE = """
INSERT INTO messages
    (project_id, channel, message_id, lead_id, type, text, sent_at, request_id, raw)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_COMPLETE_MESSAGE = """
UPDATE messages SET type = ?, text = ?, raw = ?
WHERE project_id = ? AND channel = ? AND message_id = ? AND text IS NULL
"""
_FIND_CAPTURE = "SELECT lead_id FROM leads WHERE project_id = ? AND capture_id = ?"
_FIND_MESSAGE = """
SELECT lead_id FROM messages WHERE project_id = ? AND channel = ? AND message_id = ?
"""
_FIND_KEY = """
SELECT lead_id, idempotency_fingerprint FROM leads WHERE project_id = ? AND idempotency_key = ?
"""
_PLAN_FULL = NotKept(NotKeptBecause.PLAN_FULL)


class SqliteLeadLedger(LeadLedger):
    """
    Records a batch under the write lock, so that what it finds free stays free.

    The lock is taken before the first question and held until the commit. Another process, or a
    command of an operator, waits for it; so nothing can come between a look and a write, each
    capture sees what the one before it has written, and nothing is tried twice. A process that is
    killed before the commit leaves nothing of the batch, and one that is killed after it leaves
    all: nobody was answered yet, and the same captures, recorded again, are found by their ids.

    A month that was found full refuses who is new without a transaction, and without a look at
    whether a row could hold it: on the day of a campaign such calls come by the hundred, and the
    leads of others wait behind each transaction.
    """

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database
        self._full: FullMonths = {}

    async def record(self, batch: Batch, timeout_seconds: float) -> Sequence[Outcome]:
        """One transaction for all but those whom a month that was found full refuses."""
        limits = batch.limits.items()
        full = {one for one, limit in limits if is_full(self._full, one, batch.month, limit)}
        if not full:
            return await self._write(batch, timeout_seconds)
        others = [capture for capture in batch.captures if not _is_refused(capture, full)]
        rest = replace(batch, captures=others)
        outcomes = iter(await self._write(rest, timeout_seconds) if others else ())
        return [
            _PLAN_FULL if _is_refused(capture, full) else next(outcomes)
            for capture in batch.captures
        ]

    async def _write(self, batch: Batch, timeout_seconds: float) -> Sequence[Outcome]:
        encoded = [_encode(capture) for capture in batch.captures]

        def work(connection: sqlite3.Connection) -> tuple[list[Outcome], FullMonths]:
            recording = _Recording(connection, batch, self._full)
            outcomes = recording.all(zip(batch.captures, encoded, strict=True))
            return outcomes, recording.places.found_full

        outcomes, full = await self._database.write(work, timeout_seconds)
        self._full |= full  # only after the commit: what a batch found that was undone is not true
        return outcomes


def _is_refused(capture: Capture, full: Container[str]) -> bool:
    """Whether the month of a project in *full* refuses it: it is surely new, and wants a place."""
    return capture.project_id in full and capture.is_unheard_of and capture.counts


def _encode(capture: Capture) -> str | None:
    """
    The details as JSON text; None if anything of the capture cannot be stored.

    Done before the transaction begins, so that a capture that no row can hold fails alone.
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
        self._transaction = transaction = Transaction(connection)
        self._month = str(batch.month)
        project_ids = {capture.project_id for capture in batch.captures}
        highest = highest_of(transaction, project_ids, batch.month)
        self._numbers = FreeNumbers(highest)
        self._persons = Persons(transaction)
        self.places = FreePlaces(transaction, batch.month, batch.limits, full, highest)

    def all(self, captures: Iterable[tuple[Capture, str | None]]) -> list[Outcome]:
        """The outcome of each capture, all of which are written into the transaction."""
        outcomes = [
            NotKept(NotKeptBecause.UNWRITABLE) if details is None else self._record(one, details)
            for one, details in captures
        ]
        self._transaction.insert_waiting()
        return outcomes

    def _record(self, capture: Capture, details: str) -> Outcome:
        """
        The outcome of one capture.

        Whether its person, key or message is known is asked before the plan is: a known one takes
        no place, and is answered in a full month too.
        """
        if capture.is_unheard_of:
            return self._open(capture, details, None)
        person = self._persons.of(capture)
        known = self._known(capture, person)
        if known is None and capture.opens_lead:
            return self._open(capture, details, person)
        if isinstance(known, NotKept):
            return known
        self._persons.remember(person)
        if known is None:
            return NotKept(NotKeptBecause.NOBODY_KNOWN)
        lead_id = self._persons.earliest(capture.project_id, known.lead_id)
        if known.kept_as is KeptAs.KNOWN_PERSON:
            self._insert_message(capture, lead_id)
        says_more = known.kept_as is KeptAs.KNOWN_MESSAGE and lead_id in person.leads[:1]
        if says_more:
            self._complete_message(capture)
        if says_more or known.kept_as is KeptAs.KNOWN_PERSON:
            self._persons.fill(person, lead_id, capture.details.present())
        return Kept(lead_id, known.kept_as)

    def _known(self, capture: Capture, person: Person) -> Outcome | None:
        project_id, channel = capture.project_id, capture.channel
        if row := self._find(_FIND_CAPTURE, project_id, capture.capture_id):
            return Kept(row[0], KeptAs.NEW)
        if (key := capture.idempotency) and (row := self._find(_FIND_KEY, project_id, key.key)):
            same = key.was_used_for(row[1])
            return Kept(row[0], KeptAs.REPLAYED) if same else NotKept(NotKeptBecause.KEY_REUSED)
        message = capture.message
        if message and (row := self._find(_FIND_MESSAGE, project_id, channel, message.message_id)):
            return Kept(row[0], KeptAs.KNOWN_MESSAGE)
        return Kept(person.leads[0], KeptAs.KNOWN_PERSON) if person.leads else None

    def _open(self, capture: Capture, details: str, person: Person | None) -> Outcome:
        place = self.places.take(capture.project_id) if capture.counts else None
        if capture.counts and place is None:
            return _PLAN_FULL
        lead_id = self._numbers.take(capture.project_id)
        self._insert_lead(capture, details, lead_id, place)
        if person is not None:
            self._persons.name(person, lead_id)
            self._insert_message(capture, lead_id)
        return Kept(lead_id, KeptAs.NEW)

    def _find(self, query: str, *values: str) -> Any:
        return self._transaction.execute(query, values).fetchone()

    def _insert_lead(self, capture: Capture, details: str, lead_id: int, place: int | None) -> None:
        key, origin = capture.idempotency, origin_of(capture.details)
        self._transaction.insert_lead(
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
            origin.source,
            origin.campaign,
        )

    def _complete_message(self, capture: Capture) -> None:
        """Give a message that is kept without a text, as a placeholder is, the text of this one."""
        message = capture.message
        if message and message.text is not None:
            key = (capture.project_id, capture.channel, message.message_id)
            self._transaction.execute(
                _COMPLETE_MESSAGE, (message.type, message.text, message.raw, *key)
            )

    def _insert_message(self, capture: Capture, lead_id: int) -> None:
        if message := capture.message:
            self._transaction.execute(
                _INSERT_MESSAGE,
                (
                    capture.project_id,
                    capture.channel,
                    message.message_id,
                    lead_id,
                    message.type,
                    message.text,
                    to_store_or_none(message.sent_at),
                    capture.request_id,
                    message.raw,
                ),
            )
