from tests.contracts.held.held_archive import HeldArchiveContract


class TestMongoHeldArchive(HeldArchiveContract):
    pass
