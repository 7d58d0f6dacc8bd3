"""
What the ledger decides is the same through both drivers, so one of them is asked everything.

The other one makes each call to the server that there is. `make faults` asks both everything.
"""

import pytest

from adapters.mongodb import MongoDatabase, MongoLeadLedger
from application.ports.lead_ledger import LeadLedger
from tests.contracts.lead_ledger.concurrency import ConcurrencyContract
from tests.contracts.lead_ledger.content import ContentContract
from tests.contracts.lead_ledger.filling import TogetherContract
from tests.contracts.lead_ledger.idempotency import IdempotencyContract
from tests.contracts.lead_ledger.lead_ledger import LeadLedgerContract
from tests.contracts.lead_ledger.links import LinksContract
from tests.contracts.lead_ledger.numbers import NumbersContract
from tests.contracts.lead_ledger.persons import PersonsContract
from tests.contracts.lead_ledger.places import HolesContract, PlacesContract
from tests.contracts.lead_ledger.walk import WalkContract
from tests.contracts.recording import FirstTries
from tests.support.clocks import ShiftedMonotonic
from tests.support.repetitions import DRIVERS_TRIED

FEW_PLACES = 2
EVERYTHING = pytest.mark.parametrize("driver", DRIVERS_TRIED, indirect=True)


@EVERYTHING
class TestMongoLeadLedger(LeadLedgerContract):
    pass


@pytest.mark.parametrize("driver", ["pymongo"], indirect=True)
class TestMongoLeadLedgerThroughTheOtherDriver(
    HolesContract,
    LinksContract,
    TogetherContract,
    ContentContract,
    ConcurrencyContract,
    WalkContract,
):
    project = LeadLedgerContract.project
    other_project = LeadLedgerContract.other_project


@EVERYTHING
class TestMongoLeadLedgerOfFirstTries(
    NumbersContract, PlacesContract, HolesContract, IdempotencyContract, PersonsContract
):
    """Of captures of which nothing can be known, nothing is looked up."""

    project = LeadLedgerContract.project
    other_project = LeadLedgerContract.other_project

    @pytest.fixture
    def ledger(self, database: MongoDatabase, monotonic: ShiftedMonotonic) -> LeadLedger:
        return FirstTries(MongoLeadLedger(database, monotonic))

    @pytest.fixture
    def other_ledger(
        self, other_database: MongoDatabase, monotonic: ShiftedMonotonic
    ) -> LeadLedger:
        return FirstTries(MongoLeadLedger(other_database, monotonic))


@EVERYTHING
class TestMongoLeadLedgerThatIsUndecidedForAWhile(HolesContract, ConcurrencyContract):
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
