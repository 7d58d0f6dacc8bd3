"""Users, a document each."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pymongo.errors import DuplicateKeyError

from adapters.mongodb.connection.collections import Collections
from adapters.mongodb.connection.database import MongoDatabase
from adapters.mongodb.connection.schema import make_indexes
from adapters.store_tools.user_errors import email_taken, last_admin, no_such_user
from application.ports.user_register import UserRegister
from domain.users.link import SignInLink
from domain.users.user import Becomes, User


class MongoUserRegister(UserRegister):
    """
    A change replaces the revision that it was made from, so that none is lost.

    An admin who is to be one no longer announces it first (`leaving`), and then looks for another
    who stays. Two who do so at the same moment see each other's announcement. Whoever finds all
    others leaving takes back the announcement of one: that is a new revision, so the other's
    change cannot be made any more, and is tried again from its beginning. Announcements that a
    killed process left are taken back in the same way.
    """

    def __init__(self, database: MongoDatabase) -> None:
        self._database = database

    async def add(self, user: User) -> None:
        """Keep a new user; the index is made here where no server of this version has made it."""
        with self._database.work() as store:
            await make_indexes(store, "users")
            try:
                await store.users.insert_one(_to_document(user, revision=1))
            except DuplicateKeyError:
                raise email_taken(user.email) from None

    async def find(self, id_or_email: str) -> User | None:
        """By id or address: no address looks like an id."""
        with self._database.work() as store:
            document = await store.users.find_one(_named(id_or_email))
        return _from_document(document) if document else None

    async def with_link(self, digest: bytes) -> User | None:
        """The user whose link this is."""
        with self._database.work() as store:
            document = await store.users.find_one({"link.digest": digest})
        return _from_document(document) if document else None

    async def all(self) -> Sequence[User]:
        """Every user, oldest first."""
        with self._database.work() as store:
            cursor = store.users.find().sort([("created_at", 1), ("_id", 1)])
            return [_from_document(document) for document in await cursor.to_list(None)]

    async def change(self, id_or_email: str, change: Callable[[User], Becomes]) -> Becomes:
        """Try until the revision that was read is the one that is replaced."""
        with self._database.work() as store:
            while True:
                document = await store.users.find_one(_named(id_or_email))
                if document is None:
                    raise no_such_user(id_or_email)
                before = _from_document(document)
                after = change(before)
                revision: int | None = document["revision"]
                if before.admin and (after is None or not after.admin):
                    revision = await _announce(store, before, document["revision"])
                if revision is not None and await _replace(store, before, revision, after):
                    return after


def _named(id_or_email: str) -> Mapping[str, Any]:
    return {"$or": [{"_id": id_or_email}, {"email": id_or_email}]}


async def _announce(store: Collections, user: User, revision: int) -> int | None:
    """
    Announce that this admin goes, once another one stays; the revision of the announcement.

    None: somebody else changed one of the two meanwhile.

    Raises:
        LastAdmin: There is no other.
    """
    announced = {"$set": {"leaving": True}, "$inc": {"revision": 1}}
    this = {"_id": user.user_id, "revision": revision}
    if not (await store.users.update_one(this, announced)).matched_count:
        return None
    others: dict[str, Any] = {"admin": True, "_id": {"$ne": user.user_id}}
    if user.password is not None:
        others["password"] = {"$ne": None}
    found = await store.users.find(others, {"revision": 1, "leaving": 1}).to_list(None)
    if not found:
        await _take_back(store, user.user_id, revision + 1)
        raise last_admin(user)
    if all(other.get("leaving") for other in found):
        stays = await _take_back(store, found[0]["_id"], found[0]["revision"])
        return revision + 1 if stays else None
    return revision + 1


async def _take_back(store: Collections, user_id: str, revision: int) -> bool:
    change = {"$unset": {"leaving": True}, "$inc": {"revision": 1}}
    done = await store.users.update_one({"_id": user_id, "revision": revision}, change)
    return bool(done.matched_count)


async def _replace(store: Collections, before: User, revision: int, after: User | None) -> bool:
    """Put *after* in the place of that revision, if it is still there; sessions go last."""
    this = {"_id": before.user_id, "revision": revision}
    if after is not None:
        successor = _to_document(after, revision=revision + 1)
        return await store.users.find_one_and_replace(this, successor) is not None
    if not (await store.users.delete_one(this)).deleted_count:
        return False
    # What is left if this is cut short signs nobody in, and is pruned like all that is old.
    await store.sessions.delete_many({"user_id": before.user_id})
    return True


def _to_document(user: User, revision: int) -> dict[str, Any]:
    document = {
        "_id": user.user_id,
        "revision": revision,
        "email": user.email,
        "created_at": user.created_at,
        "admin": user.admin,
        "project_ids": list(user.project_ids),
        "password": user.password,
        "last_sign_in_at": user.last_sign_in_at,
        "generation": user.generation,
    }
    if user.link is not None:
        document["link"] = {
            "digest": user.link.digest,
            "expires_at": user.link.expires_at,
            "sets_password": user.link.sets_password,
        }
    return document


def _from_document(document: Mapping[str, Any]) -> User:
    link = document.get("link")
    return User(
        user_id=document["_id"],
        email=document["email"],
        created_at=document["created_at"],
        admin=document["admin"],
        project_ids=tuple(document["project_ids"]),
        password=document["password"],
        last_sign_in_at=document["last_sign_in_at"],
        generation=document["generation"],
        link=SignInLink(**(link | {"digest": bytes(link["digest"])})) if link else None,
    )
