import pytest

from tests.application.fakes import WatchedLedger


@pytest.fixture(params=[True, False], ids=["concurrent", "one after the other"])
def either_ledger(ledger: WatchedLedger, request: pytest.FixtureRequest) -> None:
    """Whether the ledger records batches beside one another makes no difference to the test."""
    ledger.is_concurrent = request.param
