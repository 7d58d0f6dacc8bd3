"""
The embedded store: one SQLite file in WAL mode, for one machine and any number of processes.

A batch is one transaction that begins with the write lock (`BEGIN IMMEDIATE`) and is
synced to the disk before it is acknowledged (`synchronous=FULL`).
"""

from adapters.sqlite.archive.lead_archive import SqliteLeadArchive
from adapters.sqlite.backup.store_backup import SqliteStoreBackup
from adapters.sqlite.connection.database import SqliteDatabase
from adapters.sqlite.connection.health_probe import SqliteHealthProbe
from adapters.sqlite.held.held_archive import SqliteHeldArchive
from adapters.sqlite.held.held_ledger import SqliteHeldLedger
from adapters.sqlite.leads.lead_ledger import SqliteLeadLedger
from adapters.sqlite.settings.channel_log import SqliteChannelLog
from adapters.sqlite.settings.channel_register import SqliteChannelRegister
from adapters.sqlite.settings.key_register import SqliteKeyRegister
from adapters.sqlite.settings.project_register import SqliteProjectRegister
from adapters.sqlite.users.session_register import SqliteSessionRegister
from adapters.sqlite.users.sign_in_tries import SqliteSignInTries
from adapters.sqlite.users.user_register import SqliteUserRegister

__all__ = [
    "SqliteChannelLog",
    "SqliteChannelRegister",
    "SqliteDatabase",
    "SqliteHealthProbe",
    "SqliteHeldArchive",
    "SqliteHeldLedger",
    "SqliteKeyRegister",
    "SqliteLeadArchive",
    "SqliteLeadLedger",
    "SqliteProjectRegister",
    "SqliteSessionRegister",
    "SqliteSignInTries",
    "SqliteStoreBackup",
    "SqliteUserRegister",
]
