from tests.contracts.held.held_archive import HeldArchiveContract


class TestSqliteHeldArchive(HeldArchiveContract):
    pass
