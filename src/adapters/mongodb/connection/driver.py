"""
The one seam between the two drivers: Motor, and PyMongo's own asyncio API.

They differ in how a client is made and closed; all else that is used here is the same in
both: `find` with `to_list`, `find_one…`, `insert…`, `update…`, `delete…`, `bulk_write`,
`count_documents`, `distinct`, `create_indexes`, `command`.
"""

import asyncio
import inspect
import os
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from pymongo import AsyncMongoClient
from pymongo.errors import ConfigurationError, InvalidURI

from domain.errors import Advice, AdviceCode, StoreUnusable

MOTOR_THREADS = 40
"""
Motor does each piece of work in a thread, started when it is needed, and has but five for each
processor. Where the majority takes seconds to acknowledge, twenty writes may wait in one each,
and what is asked meanwhile needs others.
"""


def _motor_client(url: str, **options: Any) -> Any:
    # Read by Motor when it is imported, and an operator may have said otherwise.
    os.environ.setdefault("MOTOR_MAX_WORKERS", str(MOTOR_THREADS))
    # Imported where it is chosen: its maintenance ends before ours.
    from motor.motor_asyncio import AsyncIOMotorClient  # noqa: PLC0415  if it is chosen

    return AsyncIOMotorClient(url, **options)


CLIENTS: dict[str, Callable[..., Any]] = {"motor": _motor_client, "pymongo": AsyncMongoClient}

DEFAULT_DATABASE = "swiftcrm"
FIXED_OPTIONS = {
    "w": "majority",
    "j": "true",
    "journal": "true",
    "readconcernlevel": "majority",
    "readpreference": "primary",
}
"""What a URL may not say otherwise: the promises rest on it."""
OPTIONS: dict[str, Any] = {
    "appname": "swiftcrm",
    "tz_aware": True,
    "connectTimeoutMS": 1000,
    "serverSelectionTimeoutMS": 2000,
    "uuidRepresentation": "standard",
}
"""How long a whole piece of work may take, `MongoDatabase.work` says."""


def make_client(url: str, driver: str) -> Any:
    """
    A client of *driver*; does no I/O.

    Raises:
        StoreUnusable: The URL cannot be used; it is not repeated, for it may hold a password.
    """
    _refuse_weaker_promises(url)
    try:
        return CLIENTS[driver](url, **OPTIONS)
    except (ConfigurationError, InvalidURI, ValueError) as error:
        raise StoreUnusable(
            f"The URL of the MongoDB database cannot be used ({type(error).__name__}).",
            Advice(AdviceCode.MEND_DATABASE_URL),
        ) from None


async def close_client(client: Any) -> None:
    """Close a client of either driver; Motor's waits for threads, and the loop must not."""
    closing = await asyncio.to_thread(client.close)
    if inspect.isawaitable(closing):
        await closing


def _refuse_weaker_promises(url: str) -> None:
    for name, value in parse_qsl(url.partition("?")[2], keep_blank_values=True):
        wanted = FIXED_OPTIONS.get(name.lower())
        if wanted is not None and value.lower() != wanted:
            raise StoreUnusable(
                f"The URL of the MongoDB database says {name}, which cannot be chosen: a lead is"
                " acknowledged when the majority has it in its journal.",
                Advice(AdviceCode.LEAVE_OPTION_OUT, {"option": name}),
            )
