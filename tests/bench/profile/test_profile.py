"""Every moment of the main thread belongs to one part, and the parts add up."""

import sys

import pytest

from tests.bench.profile.__main__ import LOOP, THREADS, WHOLE, table
from tests.bench.profile.sampled import PARTS, look, part_of, seen


@pytest.mark.parametrize(
    ("path", "function", "part"),
    [
        ("/src/domain/lead_body/reading.py", "read_lead", "JSON to lead"),
        ("/src/entrypoints/http/body/json_object.py", "parse_object", "body to JSON"),
        ("/src/application/capture/lead_writer.py", "write", "writer"),
        ("/src/adapters/sqlite/leads/lead_ledger.py", "record", "store"),
        ("/src/entrypoints/process/logs.py", "_line", "log line"),
        ("http1", "http1", "head, routing"),
        ("/lib/json/decoder.py", "decode", None),
    ],
)
def test_a_function_belongs_to_the_part_of_its_file(
    path: str, function: str, part: str | None
) -> None:
    assert part_of(path, function) == part


def test_what_no_part_knows_is_noted_by_who_called_it() -> None:
    seen.clear()
    look(0, sys._getframe())

    assert sum(seen.values()) == 1


def test_the_table_has_each_part_once_the_dearest_first_and_the_whole_last() -> None:
    parts = dict.fromkeys(PARTS, 1.0) | {"writer": 9.0, LOOP: 2.0, THREADS: 3.0, WHOLE: 30.0}
    rows = table({"before": parts, "now": {**parts, "writer": 4.0}}).splitlines()

    assert [row.split()[0] for row in (rows[1], rows[-1])] == ["writer", "a"]
    assert rows[1].split()[-2:] == ["9.0", "4.0"]
