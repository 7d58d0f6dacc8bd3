"""
What one plain lead costs, counted and not timed: whoever makes it dearer sees it here.

Nearly all leads are plain: with a key and an Origin, without an `Idempotency-Key`. Whoever makes
them cheaper lowers the figures.
"""

import json
import tracemalloc
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.entrypoints.http.conftest import LEAD
from tests.entrypoints.http.leads.counting import COPIED_BYTES, Counter, Price, least, program
from tests.support.program import serving
from tests.support.repetitions import KINDS_TRIED
from tests.support.stores import SQLITE, a_store
from tests.support.wire import Connection

PLAIN: dict[str, Any] = {
    "name": "Ada Lovelace",
    "email": "ada@example.com",
    "phone": "+44 20 7946 0000",
    "attributes": {"company": "Analytical Engines", "seats": 12},
    "source_url": "https://example.com/pricing",
    "referrer": "https://search.example/",
    "utm": {"utm_source": "newsletter", "utm_medium": "email"},
    "page_trail": ["https://example.com/", "https://example.com/pricing"],
}
LARGE = {**PLAIN, "attributes": {"text": "x" * 60_000}}
PAGE, OTHER_PAGE = "https://example.com", "https://example.org"
WARM_UP = 3
"""After so many calls the caches know what they need."""
CALLS = 8

MOTOR, PYMONGO = "motor", "pymongo"
_OF_SQLITE = [
    "BEGIN IMMEDIATE",
    "SELECT CAST(json_group_array(json_array( project.value,",
    "INSERT INTO leads",
    "COMMIT",
]
_OF_MONGODB = ["find", "insert"]
ASKED = {SQLITE: _OF_SQLITE, MOTOR: _OF_MONGODB, PYMONGO: _OF_MONGODB}
MOST_FUNCTIONS = {SQLITE: 184, MOTOR: 187, PYMONGO: 187}
MOST_FUNCTIONS_OF_REFUSED = {SQLITE: 183, MOTOR: 163, PYMONGO: 163}
MOST_TURNS = {SQLITE: 14, MOTOR: 15, PYMONGO: 36}
MOST_COPIES = {SQLITE: 6, MOTOR: 8, PYMONGO: 8}
"""A tenth more than was measured, where that differs from version to version of a library."""


@dataclass(frozen=True)
class Measured:
    """What leads cost over a store of this kind, and the lines that were logged of each."""

    kind: str
    plain: Price
    large: Price
    refused: Price
    logged: list[list[dict[str, Any]]]


@pytest.fixture(scope="module", params=KINDS_TRIED)
def measured(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Measured:
    folder = tmp_path_factory.mktemp("price")
    store = a_store(request.param, folder, lambda: request.getfixturevalue("mongod").url())
    key = store.account("acme", domains=["example.com"], monthly_limit=1_000).key
    price = folder / "price.json"
    with serving(store, program=program(price)) as server, Connection(server.port) as connection:
        for _ in range(WARM_UP):
            _request_id(connection, key, PLAIN)
        plain, ids = _prices(connection, key, [PLAIN] * CALLS, price)
        large, _ = _prices(connection, key, [LARGE] * CALLS, price)
        others = [{**PLAIN, "name": f"Ada {number}"} for number in range(CALLS)]
        refused, more = _prices(connection, key, others, price, OTHER_PAGE, 403)
        server.line_with(request_id=more[-1])
        assert server.stop() == 0
    logged = [[line for line in server.lines if line.get("request_id") == one] for one in ids]
    return Measured(store.kind, least(plain), least(large), least(refused), logged)


def _prices(
    connection: Connection,
    key: str,
    leads: list[dict[str, Any]],
    file: Path,
    page: str = PAGE,
    status: int = 201,
) -> tuple[list[Price], list[str]]:
    """What each of some leads cost, and their request ids."""
    prices, ids = [], []
    for lead in leads:
        ids.append(_request_id(connection, key, lead, page, status))
        prices.append(Price(**json.loads(file.read_text())))
    return prices, ids


def _request_id(
    connection: Connection, key: str, lead: dict[str, Any], page: str = PAGE, status: int = 201
) -> str:
    body = json.dumps(lead).encode()
    connection.send(
        f"POST {LEAD} HTTP/1.1\r\nHost: leads.example.com\r\nX-Api-Key: {key}\r\n"
        f"Origin: {page}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n".encode()
        + body
    )
    answer = connection.receive()
    assert answer is not None
    assert answer.status == status
    return answer.headers["x-request-id"]


def test_the_store_is_asked_for_a_place_and_a_number_and_told_the_lead(measured: Measured) -> None:
    assert measured.plain.asked == ASKED[measured.kind]


def test_a_lead_goes_through_no_more_functions_than_this(measured: Measured) -> None:
    assert 100 < measured.plain.functions <= MOST_FUNCTIONS[measured.kind]


def test_a_lead_that_is_refused_and_held_goes_through_no_more_functions_than_this(
    measured: Measured,
) -> None:
    assert 100 < measured.refused.functions <= MOST_FUNCTIONS_OF_REFUSED[measured.kind]


def test_a_lead_takes_no_more_turns_of_the_loop_than_this(measured: Measured) -> None:
    assert 2 < measured.plain.turns <= MOST_TURNS[measured.kind]


def test_a_body_is_copied_no_more_often_than_this(measured: Measured) -> None:
    copies = measured.large.copies

    assert measured.plain.copies == []
    assert 2 < len(copies) <= MOST_COPIES[measured.kind], copies


def test_a_lead_is_one_line_in_the_log(measured: Measured) -> None:
    assert [[line["event"] for line in lines] for lines in measured.logged] == [
        ["http.answered"]
    ] * CALLS


def test_a_copy_would_be_noticed(tmp_path: Path) -> None:
    def copying() -> bytearray:
        return bytearray(COPIED_BYTES + 100)

    counter = Counter(tmp_path / "price.json")
    tracemalloc.start()
    try:
        counter.note_copy(copying.__code__)
        kept = [copying()]
        counter.note_copy(copying.__code__)
        counter.note_copy(copying.__code__)
    finally:
        tracemalloc.stop()

    assert [name.rpartition(".")[2] for name in counter.price.copies] == ["copying"]
    assert kept
