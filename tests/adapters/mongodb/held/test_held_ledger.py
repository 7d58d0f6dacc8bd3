from tests.contracts.held_ledger import HeldLedgerContract


class TestMongoHeldLedger(HeldLedgerContract):
    pass
