"""The collections of one database."""

import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pymongo import ReadPreference, WriteConcern
from pymongo.read_concern import ReadConcern

WRITE_CONCERN = WriteConcern("majority", j=True)
"""What a 201 means: the majority of the servers has it in its journal."""
MAJORITY, LATEST = ReadConcern("majority"), ReadConcern("local")
HINT = WriteConcern(1)


@dataclass(frozen=True, slots=True)
class Collections:
    """
    Each collection, of whichever driver.

    Attributes:
        latest_leads: The leads as they are now, also those that may yet be rolled back: to
            look for what is free, never to answer from.
        lead_sums, hints: Written without waiting for the majority: they may be lost, or wrong.
    """

    about: Any
    projects: Any
    keys: Any
    channel_settings: Any
    channel_events: Any
    leads: Any
    lead_sums: Any
    messages: Any
    held: Any
    links: Any
    users: Any
    sessions: Any
    sign_in_tries: Any
    latest_leads: Any
    hints: Any

    @classmethod
    def of(cls, database: Any) -> "Collections":
        """The collections of *database*, each with the concerns that the promises need."""

        def collection(
            name: str, write: WriteConcern | None = None, read: ReadConcern = MAJORITY
        ) -> Any:
            return database.get_collection(
                name,
                write_concern=write or WRITE_CONCERN,
                read_concern=read,
                read_preference=ReadPreference.PRIMARY,
            )

        return cls(
            about=collection("about"),
            projects=collection("projects"),
            keys=collection("keys"),
            channel_settings=collection("channel_settings"),
            channel_events=collection("channel_events"),
            leads=collection("leads"),
            lead_sums=collection("lead_sums", HINT),
            messages=collection("messages"),
            held=collection("held"),
            links=collection("links"),
            users=collection("users"),
            sessions=collection("sessions"),
            sign_in_tries=collection("sign_in_tries"),
            latest_leads=collection("leads", read=LATEST),
            hints=collection("hints", HINT, LATEST),
        )


async def aggregate(
    collection: Any, pipeline: Sequence[dict[str, Any]]
) -> Sequence[dict[str, Any]]:
    """What the server makes of *collection*, all of it; one driver gives a cursor to wait for."""
    cursor = collection.aggregate(pipeline)
    if inspect.isawaitable(cursor):
        cursor = await cursor
    found: Sequence[dict[str, Any]] = await cursor.to_list(None)
    return found
