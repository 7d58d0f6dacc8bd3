"""
The stores to choose from: for each, the adapters of all ports whose content must last.

A store's adapters, and with them its driver, are imported when it is chosen: nobody waits for
the driver of another.
"""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from application.ports.channel_log import ChannelLog
from application.ports.channel_register import ChannelRegister
from application.ports.health_probe import HealthProbe
from application.ports.held_archive import HeldArchive
from application.ports.held_ledger import HeldLedger
from application.ports.key_register import KeyRegister
from application.ports.lead_archive import LeadArchive
from application.ports.lead_ledger import LeadLedger
from application.ports.project_register import ProjectRegister
from application.ports.session_register import SessionRegister
from application.ports.sign_in_tries import SignInTries
from application.ports.store_backup import StoreBackup
from application.ports.user_register import UserRegister
from domain.errors import Advice, AdviceCode, StoreUnusable


class Database(Protocol):
    """
    What the adapters of a store share.

    Attributes:
        is_new: Whether opening it made a file where there was none. A database on a server is
            never called new: from every folder it is the same one.
    """

    is_new: bool

    def opened(
        self, *, create: bool, patient: bool = False
    ) -> AbstractAsyncContextManager[Any, Any]:
        """Open for as long as the block lasts; see `lifecycle.opened_store`."""


@dataclass(frozen=True)
class Store:
    """The adapters of one store, over one database."""

    database: Database
    database_probe: HealthProbe
    ledger: LeadLedger
    archive: LeadArchive
    held_ledger: HeldLedger
    held_archive: HeldArchive
    projects: ProjectRegister
    keys: KeyRegister
    channel_register: ChannelRegister
    channel_log: ChannelLog
    users: UserRegister
    session_register: SessionRegister
    sign_in_tries: SignInTries


def sqlite_store(path: Path) -> Store:
    """The embedded one, in the file *path*; opens nothing."""
    from adapters import sqlite  # noqa: PLC0415  only where it is chosen

    database = sqlite.SqliteDatabase(path)
    return Store(
        database=database,
        database_probe=sqlite.SqliteHealthProbe(database),
        ledger=sqlite.SqliteLeadLedger(database),
        archive=sqlite.SqliteLeadArchive(database),
        held_ledger=sqlite.SqliteHeldLedger(database),
        held_archive=sqlite.SqliteHeldArchive(database),
        projects=sqlite.SqliteProjectRegister(database),
        keys=sqlite.SqliteKeyRegister(database),
        channel_register=sqlite.SqliteChannelRegister(database),
        channel_log=sqlite.SqliteChannelLog(database),
        users=sqlite.SqliteUserRegister(database),
        session_register=sqlite.SqliteSessionRegister(database),
        sign_in_tries=sqlite.SqliteSignInTries(database),
    )


def mongodb_store(url: str, driver: str) -> Store:
    """The one on the servers that *url* names, through *driver*; connects to nobody."""
    from adapters import mongodb  # noqa: PLC0415  only where it is chosen

    database = mongodb.MongoDatabase(url, driver)
    return Store(
        database=database,
        database_probe=mongodb.MongoHealthProbe(database),
        ledger=mongodb.MongoLeadLedger(database),
        archive=mongodb.MongoLeadArchive(database),
        held_ledger=mongodb.MongoHeldLedger(database),
        held_archive=mongodb.MongoHeldArchive(database),
        projects=mongodb.MongoProjectRegister(database),
        keys=mongodb.MongoKeyRegister(database),
        channel_register=mongodb.MongoChannelRegister(database),
        channel_log=mongodb.MongoChannelLog(database),
        users=mongodb.MongoUserRegister(database),
        session_register=mongodb.MongoSessionRegister(database),
        sign_in_tries=mongodb.MongoSignInTries(database),
    )


def sqlite_backup(path: Path, key_file: Path) -> StoreBackup:
    """Copies of the embedded store and of the key beside it; opens nothing."""
    from adapters import sqlite  # noqa: PLC0415  only where it is chosen

    return sqlite.SqliteStoreBackup(path, key_file)


def mongodb_backup() -> StoreBackup:
    """
    There is none of ours.

    Raises:
        StoreUnusable: Always.
    """
    raise StoreUnusable(
        "The store is a MongoDB database, which MongoDB's own tools back up and restore.",
        Advice(AdviceCode.USE_MONGODB_TOOLS),
    )
