from tests.contracts.held.counting import CountingContract
from tests.contracts.held.held_ledger import HeldLedgerContract


class TestMongoHeldLedger(HeldLedgerContract, CountingContract):
    pass
