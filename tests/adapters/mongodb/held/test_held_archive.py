from tests.contracts.held.held_archive import HeldArchiveContract, RoomContract


class TestMongoHeldArchive(HeldArchiveContract, RoomContract):
    pass
