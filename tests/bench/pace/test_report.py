"""The tables, of figures that nobody measured."""

import json
from pathlib import Path

import pytest

from tests.bench.pace.report import figures, grid, keep, ratio, ratios, times
from tests.bench.pace.rounds import Round


def a_round(per_second: float, **fields: float) -> Round:
    defaults = {
        "p50_ms": 10.0,
        "p99_ms": 20.0,
        "service_ms": 0.5,
        "database_ms": 0.0,
        "redis_ms": 0.0,
        "sender_ms": 0.02,
        "memory_mib": 80.0,
        "batch": 0.0,
    }
    return Round(per_second, **(defaults | fields))


FOUND = {
    "bare": [a_round(1_000), a_round(3_000), a_round(2_000)],
    "ours": [a_round(n, database_ms=0.125, batch=9.6, p99_ms=40) for n in (500, 1_200, 1_000)],
}


def test_a_row_has_the_medians_and_the_extremes() -> None:
    assert figures(FOUND).splitlines() == [
        "     leads/s   min–max  p50  p99 service mongod sender MiB batch",
        "bare    2000 1000–3000 10.0 20.0   0.500      -  0.020  80     -",
        "ours    1000  500–1200 10.0 40.0   0.500  0.125  0.020  80    10",
    ]


def test_a_ratio_is_that_of_rounds_of_the_same_turn() -> None:
    slow_hour = [a_round(100), a_round(1_000), a_round(1_000)]
    halves = [a_round(50), a_round(500), a_round(500)]

    assert ratio(halves, slow_hour, "per_second") == 0.5
    assert ratios(FOUND, {"ours": "bare"}, "to bare").splitlines() == [
        "to bare  leads/s   p99  processor",
        "ours        0.50  2.00       1.00",
    ]


def test_rounds_that_were_not_measured_in_turns_have_no_ratio() -> None:
    with pytest.raises(ValueError, match="zip"):
        ratio(FOUND["bare"], FOUND["ours"][1:], "per_second")


def test_ours_is_so_many_times_theirs() -> None:
    assert times(FOUND, ["bare"], ["ours"]).splitlines() == [
        "times as many leads/s  bare",
        "as ours                 2.0",
    ]


def test_columns_are_as_wide_as_what_stands_in_them() -> None:
    assert grid(("", "n"), ("a long name", "1,000")) == "                 n\na long name  1,000"


def test_all_rounds_are_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "new" / "pace.json"

    keep(path, FOUND)

    kept = json.loads(path.read_text())
    assert kept["found"]["bare"][1]["per_second"] == 3_000
    assert "processors" in kept["conditions"]
    assert "pace.json" in capsys.readouterr().out
