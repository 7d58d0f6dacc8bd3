"""That an export is measured as it happens."""

from pathlib import Path

from tests.bench.growth.export import PROJECT, Export, export, table
from tests.bench.growth.filling import fill_evenly
from tests.support.stores import Store


def test_the_first_lead_the_progress_and_the_end_are_seen(tmp_path: Path) -> None:
    store = Store(tmp_path / "swiftcrm.db")
    store.account(PROJECT)
    fill_evenly(1_000, store)

    found = export(store, "csv")

    assert found.progress_seconds is not None
    assert 0 < found.first_seconds <= found.seconds
    assert found.written_mib > 0.1
    assert found.memory_mib > 10


def test_an_export_that_shows_no_progress_is_seen_in_the_table() -> None:
    found = Export(
        seconds=20, first_seconds=0.5, progress_seconds=None, memory_mib=90, written_mib=400
    )

    assert table({"sqlite, csv": found}).splitlines()[1].split() == [
        *("sqlite,", "csv", "0.50", "none", "20.0", "400", "90")
    ]
