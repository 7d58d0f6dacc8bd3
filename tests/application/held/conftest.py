"""Holding refused calls, in front of a ledger that does as a test says."""

import pytest

from application.held.hold_refused import HoldRefused
from entrypoints.container import Container
from tests.application.fakes import WatchedHeldLedger


@pytest.fixture
def held_ledger(container: Container) -> WatchedHeldLedger:
    watched = WatchedHeldLedger(container.held_ledger())
    container.held_ledger.override(watched)
    return watched


@pytest.fixture
def holding(container: Container, held_ledger: WatchedHeldLedger) -> HoldRefused:
    return container.hold_refused()
