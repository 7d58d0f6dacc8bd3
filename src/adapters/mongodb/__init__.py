"""
The store for many processes and machines: MongoDB, stand-alone, as a replica set or sharded.

Every write is one document, acknowledged by the majority from its journal, and decided by a
unique index; there are no transactions. Leads, messages and held calls can be sharded by
`project_id`.
"""

from adapters.mongodb.archive.lead_archive import MongoLeadArchive
from adapters.mongodb.connection.database import MongoDatabase
from adapters.mongodb.connection.health_probe import MongoHealthProbe
from adapters.mongodb.held.held_archive import MongoHeldArchive
from adapters.mongodb.held.held_ledger import MongoHeldLedger
from adapters.mongodb.leads.lead_ledger import MongoLeadLedger
from adapters.mongodb.settings.channel_log import MongoChannelLog
from adapters.mongodb.settings.channel_register import MongoChannelRegister
from adapters.mongodb.settings.key_register import MongoKeyRegister
from adapters.mongodb.settings.project_register import MongoProjectRegister
from adapters.mongodb.users.session_register import MongoSessionRegister
from adapters.mongodb.users.sign_in_tries import MongoSignInTries
from adapters.mongodb.users.user_register import MongoUserRegister

__all__ = [
    "MongoChannelLog",
    "MongoChannelRegister",
    "MongoDatabase",
    "MongoHealthProbe",
    "MongoHeldArchive",
    "MongoHeldLedger",
    "MongoKeyRegister",
    "MongoLeadArchive",
    "MongoLeadLedger",
    "MongoProjectRegister",
    "MongoSessionRegister",
    "MongoSignInTries",
    "MongoUserRegister",
]
