from tests.contracts.lead_ledger import LeadLedgerContract


class TestMongoLeadLedger(LeadLedgerContract):
    pass
