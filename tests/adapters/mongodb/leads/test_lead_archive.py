from tests.contracts.lead_archive import LeadArchiveContract


class TestMongoLeadArchive(LeadArchiveContract):
    pass
