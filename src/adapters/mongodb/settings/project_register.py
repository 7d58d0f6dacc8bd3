"""Projects, a document each."""

from collections.abc import Callable, Sequence
from typing import Any

from pymongo.errors import DuplicateKeyError

from adapters.mongodb.connection.database import MongoDatabase
from application.ports.project_register import ProjectRegister
from domain.allowlist import stored_domain
from domain.errors import Advice, AdviceCode, NameTaken, NotFound
from domain.project import Project


class MongoProjectRegister(ProjectRegister):
    """A change replaces the revision that it was made from, so that none is lost."""

    def __init__(self, database: MongoDatabase) -> None:
        self._database = database

    async def add(self, project: Project) -> None:
        """Keep a new project."""
        with self._database.work() as store:
            try:
                await store.projects.insert_one(_to_document(project, revision=1))
            except DuplicateKeyError:
                raise _name_taken(project) from None

    async def find(self, id_or_name: str) -> Project | None:
        """By id, else by name: no name looks like an id."""
        with self._database.work() as store:
            wanted = {"$or": [{"_id": id_or_name}, {"name": id_or_name}]}
            document = await store.projects.find_one(wanted)
        return _from_document(document) if document else None

    async def find_many(self, ids: Sequence[str]) -> Sequence[Project | None]:
        """The project with each of these ids."""
        with self._database.work() as store:
            documents = await store.projects.find({"_id": {"$in": ids}}).to_list(None)
        found = {project.project_id: project for project in map(_from_document, documents)}
        return [found.get(project_id) for project_id in ids]

    async def all(self) -> Sequence[Project]:
        """Every project, oldest first."""
        with self._database.work() as store:
            cursor = store.projects.find().sort([("created_at", 1), ("_id", 1)])
            return [_from_document(document) for document in await cursor.to_list(None)]

    async def change(self, project_id: str, change: Callable[[Project], Project]) -> Project:
        """Try until the revision that was read is the one that is replaced."""
        with self._database.work() as store:
            while True:
                document = await store.projects.find_one({"_id": project_id})
                if document is None:
                    raise NotFound(f"There is no project {project_id!r}.")
                changed = change(_from_document(document))
                this = {"_id": project_id, "revision": document["revision"]}
                successor = _to_document(changed, revision=document["revision"] + 1)
                try:
                    if await store.projects.find_one_and_replace(this, successor) is not None:
                        return changed
                except DuplicateKeyError:
                    raise _name_taken(changed) from None


def _name_taken(project: Project) -> NameTaken:
    return NameTaken(
        f"There is a project {project.name!r} already.", Advice(AdviceCode.MAKE_ANOTHER_KEY)
    )


def _to_document(project: Project, revision: int) -> dict[str, Any]:
    return {
        "_id": project.project_id,
        "revision": revision,
        "name": project.name,
        "created_at": project.created_at,
        "domains": [str(domain) for domain in project.domains],
        "monthly_limit": project.monthly_limit,
        "require_origin": project.require_origin,
        "release_held_each_month": project.release_held_each_month,
        "release_held_calls": project.release_held_calls,
        "lenient": project.lenient,
    }


def _from_document(document: dict[str, Any]) -> Project:
    return Project(
        project_id=document["_id"],
        name=document["name"],
        created_at=document["created_at"],
        domains=tuple(stored_domain(domain) for domain in document["domains"]),
        monthly_limit=document["monthly_limit"],
        require_origin=document["require_origin"],
        release_held_each_month=document.get("release_held_each_month", False),
        release_held_calls=document.get("release_held_calls", False),
        lenient=document.get("lenient", False),
    )
