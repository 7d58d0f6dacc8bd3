"""Projects, their settings as one JSON object each."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import orjson

from adapters.sqlite.connection.database import SqliteDatabase
from adapters.sqlite.connection.driver import sqlite3
from adapters.sqlite.connection.moments import from_store, to_store
from adapters.sqlite.connection.rows import rows_in_one
from application.ports.project_register import ProjectRegister
from domain.allowlist import stored_domain
from domain.errors import Advice, AdviceCode, NameTaken, NotFound
from domain.project import Project

_COLUMNS = "project_id, name, created_at, settings"
_SELECT = f"SELECT {_COLUMNS} FROM projects"


class SqliteProjectRegister(ProjectRegister):
    """Changes are made under the write lock, so that none is lost."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def add(self, project: Project) -> None:
        """Keep a new project."""

        def work(connection: sqlite3.Connection) -> None:
            with _names_are_unique(project.name):
                connection.execute("INSERT INTO projects VALUES (?, ?, ?, ?)", _to_row(project))

        await self._database.write(work)

    async def find(self, id_or_name: str) -> Project | None:
        """By id, else by name: no name looks like an id."""
        query = f"{_SELECT} WHERE project_id = ?1 OR name = ?1"

        def work(connection: sqlite3.Connection) -> Project | None:
            row = connection.execute(query, (id_or_name,)).fetchone()
            return _from_row(row) if row else None

        return await self._database.read(work)

    async def find_many(self, ids: Sequence[str]) -> Sequence[Project | None]:
        """The project with each of these ids."""
        rows = f"CAST(json_group_array(json_array({_COLUMNS})) AS BLOB)"
        wanted = "project_id IN (SELECT value FROM json_each(?))"  # one statement for any number
        query = f"SELECT {rows} FROM projects WHERE {wanted}"
        values = (orjson.dumps(list(ids)).decode(),)

        def work(connection: sqlite3.Connection) -> list[Project | None]:
            projects = map(_from_row, rows_in_one(connection.execute(query, values)))
            found = {project.project_id: project for project in projects}
            return [found.get(project_id) for project_id in ids]

        return await self._database.read(work)

    async def all(self) -> Sequence[Project]:
        """Every project, oldest first."""

        def work(connection: sqlite3.Connection) -> list[Project]:
            rows = connection.execute(f"{_SELECT} ORDER BY created_at, project_id")
            return [_from_row(row) for row in rows]

        return await self._database.read(work)

    async def change(self, project_id: str, change: Callable[[Project], Project]) -> Project:
        """Read, change and write under one lock."""

        def work(connection: sqlite3.Connection) -> Project:
            query = f"{_SELECT} WHERE project_id = ?"
            row = connection.execute(query, (project_id,)).fetchone()
            if row is None:
                raise NotFound(f"There is no project {project_id!r}.")
            changed = change(_from_row(row))
            _, name, _, settings = _to_row(changed)
            query = "UPDATE projects SET name = ?, settings = ? WHERE project_id = ?"
            with _names_are_unique(name):
                connection.execute(query, (name, settings, project_id))
            return changed

        return await self._database.write(work)


@contextmanager
def _names_are_unique(name: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.IntegrityError:
        raise NameTaken(
            f"There is a project {name!r} already.", Advice(AdviceCode.MAKE_ANOTHER_KEY)
        ) from None


def _to_row(project: Project) -> tuple[Any, ...]:
    settings = {
        "domains": [str(domain) for domain in project.domains],
        "monthly_limit": project.monthly_limit,
        "require_origin": project.require_origin,
        "release_held_each_month": project.release_held_each_month,
        "release_held_calls": project.release_held_calls,
        "lenient": project.lenient,
    }
    created_at = to_store(project.created_at)
    return project.project_id, project.name, created_at, orjson.dumps(settings).decode()


def _from_row(row: Sequence[Any]) -> Project:
    project_id, name, created_at, text = row
    settings = orjson.loads(text)
    return Project(
        project_id=project_id,
        name=name,
        created_at=from_store(created_at),
        domains=tuple(stored_domain(domain) for domain in settings["domains"]),
        monthly_limit=settings["monthly_limit"],
        require_origin=settings["require_origin"],
        release_held_each_month=settings.get("release_held_each_month", False),
        release_held_calls=settings.get("release_held_calls", False),
        lenient=settings.get("lenient", False),
    )
