from tests.contracts.held_archive import HeldArchiveContract


class TestMongoHeldArchive(HeldArchiveContract):
    pass
