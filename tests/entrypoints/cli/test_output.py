"""Tables, whatever is in them."""

import pytest

from entrypoints.cli.output import MOST_CELLS, print_table

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
