import pytest

from adapters.mongodb import MongoDatabase, MongoLeadLedger
from tests.contracts.lead_ledger.concurrency import ConcurrencyContract
from tests.contracts.lead_ledger.lead_ledger import LeadLedgerContract
from tests.contracts.lead_ledger.persons import OpeningContract
from tests.contracts.lead_ledger.places import HolesContract, PlacesContract
from tests.support.clocks import ShiftedMonotonic

FEW_PLACES = 2


class TestMongoLeadLedger(LeadLedgerContract):
    pass


class TestMongoLeadLedgerThatIsUndecidedForAWhile(
    HolesContract, PlacesContract, OpeningContract, ConcurrencyContract
):
    """With chunks so small that it takes several calls to know that a month is full."""

    project = LeadLedgerContract.project
    other_project = LeadLedgerContract.other_project

    @pytest.fixture
    def ledger(self, database: MongoDatabase, monotonic: ShiftedMonotonic) -> MongoLeadLedger:
        return MongoLeadLedger(database, monotonic, FEW_PLACES)

    @pytest.fixture
    def other_ledger(
        self, other_database: MongoDatabase, monotonic: ShiftedMonotonic
    ) -> MongoLeadLedger:
        return MongoLeadLedger(other_database, monotonic, FEW_PLACES)
