from tests.contracts.held_archive import HeldArchiveContract


class TestSqliteHeldArchive(HeldArchiveContract):
    pass
