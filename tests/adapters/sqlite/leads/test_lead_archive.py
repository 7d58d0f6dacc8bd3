from tests.contracts.lead_archive import LeadArchiveContract


class TestSqliteLeadArchive(LeadArchiveContract):
    pass
