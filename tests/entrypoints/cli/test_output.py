"""Tables, whatever is in them; and how far a long command is."""

import sys

import pytest

from entrypoints.cli.output import MOST_CELLS, print_table, progress
from tests.entrypoints.cli.terminal import Terminal, no_terminal

Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize("odd", ["1" * 100_000, "中" * 100_000])
def test_a_cell_that_is_too_wide_is_cut_and_widens_no_row_beyond_that(
    capsys: Capture, odd: str
) -> None:
    print_table(("ID", "ORIGIN", "CODE"), [("a", odd, "X"), ("b", "107", "Y")])
    header, first, second = capsys.readouterr().out.splitlines()

    assert header.index("CODE") <= len("ID") + MOST_CELLS + 4
    assert first.split()[1].endswith("…")
    assert first.endswith("X")
    assert "…" not in second


def test_a_cell_that_is_just_wide_enough_is_whole(capsys: Capture) -> None:
    print_table(("ID",), [("1" * MOST_CELLS,)])

    assert capsys.readouterr().out.splitlines()[1] == "1" * MOST_CELLS


@pytest.mark.parametrize(
    ("prints_meanwhile", "into_a_file", "is_shown"),
    [(True, True, True), (True, False, False), (False, True, True), (False, False, True)],
)
def test_how_far_it_is_does_not_stand_between_the_lines_of_the_output(
    monkeypatch: pytest.MonkeyPatch, prints_meanwhile: bool, into_a_file: bool, is_shown: bool
) -> None:
    terminal, file = Terminal(), no_terminal()
    monkeypatch.setattr(sys, "stderr", terminal.stream)
    monkeypatch.setattr(sys, "stdout", file if into_a_file else terminal.stream)

    with progress(prints_meanwhile=prints_meanwhile) as shown:
        shown.count(1_000, "leads read")
        shown.count(1_001, "leads read")

    seen = "\r\x1b[K1,000 leads read\r\x1b[K" if is_shown else ""
    assert terminal.seen() == seen
