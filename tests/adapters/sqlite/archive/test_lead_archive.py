from tests.contracts.lead_archive.lead_archive import LeadArchiveContract


class TestSqliteLeadArchive(LeadArchiveContract):
    pass
