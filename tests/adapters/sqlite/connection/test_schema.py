"""The unique indexes are the judges, also over a writer that has a defect."""

from contextlib import closing
from typing import Any

import pytest

from adapters.sqlite.connection.driver import sqlite3
from adapters.sqlite.connection.schema import APPLICATION_ID, prepare, upgrade

ROW: dict[str, Any] = {
    "project_id": "prj_1",
    "lead_id": 1,
    "capture_id": "req_1",
    "channel": "rest",
    "captured_at": 0,
    "month": "2026-11",
    "place": 1,
    "request_id": "req_1",
    "idempotency_key": "key",
    "idempotency_fingerprint": b"",
    "details": "{}",
}
ANOTHER = ROW | {"lead_id": 2, "capture_id": "req_2", "place": 2, "idempotency_key": "other"}


def insert(connection: sqlite3.Connection, row: dict[str, Any]) -> None:
    names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
    connection.execute(f"INSERT INTO leads ({names}) VALUES ({marks})", row)


@pytest.fixture
def store(by_hand: sqlite3.Connection) -> sqlite3.Connection:
    by_hand.execute("PRAGMA foreign_keys = ON")
    for number in (1, 2):
        by_hand.execute(f"INSERT INTO projects VALUES ('prj_{number}', 'P{number}', 0, '{{}}')")
    insert(by_hand, ROW)
    return by_hand


@pytest.mark.parametrize("name", ["lead_id", "capture_id", "place", "idempotency_key"])
def test_no_two_leads_of_a_project_have_the_same(store: sqlite3.Connection, name: str) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        insert(store, ANOTHER | {name: ROW[name]})


@pytest.mark.parametrize(
    "row",
    [
        ANOTHER,
        ROW | {"project_id": "prj_2"},
        ANOTHER | {"place": 1, "month": "2026-12"},
        ANOTHER | {"joined_into": 1},
    ],
)
def test_other_leads_may_be_there(store: sqlite3.Connection, row: dict[str, Any]) -> None:
    insert(store, row)

    assert store.execute("SELECT count(*) FROM leads").fetchone() == (2,)


def test_captures_are_looked_up_in_the_order_of_their_ids_whoever_they_are_of(
    store: sqlite3.Connection,
) -> None:
    """So those of one batch are written side by side, and not on a page for each project."""
    columns = store.execute("SELECT name FROM pragma_index_info('one_lead_per_capture')").fetchall()

    assert columns == [("capture_id",), ("project_id",)]


@pytest.mark.parametrize("name", ["place", "idempotency_key"])
def test_any_number_of_leads_may_be_without(store: sqlite3.Connection, name: str) -> None:
    insert(store, ANOTHER | {name: None})
    insert(
        store,
        ANOTHER
        | {"lead_id": 3, "capture_id": "3"}
        | {"place": 3, "idempotency_key": "3"}
        | {name: None},
    )

    assert store.execute("SELECT count(*) FROM leads").fetchone() == (3,)


@pytest.mark.parametrize(
    "odd",
    [
        {"place": 0},
        {"lead_id": 0},
        {"project_id": "prj_none"},
        {"captured_at": "yesterday"},
        {"joined_into": ANOTHER["lead_id"]},
        {"joined_into": ANOTHER["lead_id"] + 1},
    ],
)
def test_what_is_no_lead_is_not_kept(store: sqlite3.Connection, odd: dict[str, Any]) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        insert(store, ANOTHER | odd)


def test_a_message_and_an_identity_belong_to_a_lead_and_are_there_once(
    store: sqlite3.Connection,
) -> None:
    message = "INSERT INTO messages VALUES (NULL, 'prj_1', 'c', ?, ?, 'text', NULL, 0, 'r', '{}')"
    identity = "INSERT INTO identities VALUES ('prj_1', 'c', 'phone', ?, ?)"
    for statement in (message, identity):
        store.execute(statement, ("1", 1))

        for values in (("1", 1), ("2", 99)):
            with pytest.raises(sqlite3.IntegrityError):
                store.execute(statement, values)


def test_what_an_earlier_version_kept_is_there_after_its_successor_opened_the_store() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as store:
        upgrade(store, 0, 1)
        store.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        store.execute("INSERT INTO projects VALUES ('prj_1', 'P1', 0, '{}')")
        insert(store, ROW)

        prepare(store, "a store")

        assert store.execute("SELECT lead_id, joined_into FROM leads").fetchall() == [(1, None)]
        insert(store, ANOTHER | {"joined_into": 1})


@pytest.mark.parametrize(
    "query",
    [
        "SELECT lead_id FROM leads WHERE project_id = 'prj_1' AND joined_into = 1",
        "SELECT * FROM links WHERE project_id = 'prj_1' AND channel = 'c' AND kind = 'k'",
    ],
)
def test_what_belongs_to_a_person_is_found_by_an_index(
    store: sqlite3.Connection, query: str
) -> None:
    (plan,) = store.execute(f"EXPLAIN QUERY PLAN {query}")

    assert plan[-1].startswith("SEARCH")
