from tests.contracts.held.held_ledger import HeldLedgerContract


class TestMongoHeldLedger(HeldLedgerContract):
    pass
