"""A store on disk, prepared and read without a server."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from application.projects.create import NewProject
from application.projects.update import ProjectChange
from domain.held import HeldCall, HeldQuery
from domain.lead import Lead
from domain.leads.query import LeadQuery
from entrypoints.container import Container
from entrypoints.process.lifecycle import opened_store
from entrypoints.process.settings import Settings
from tests.support.servers.log_search import remember_setting

T = TypeVar("T")

SQLITE = "sqlite"
KINDS = (SQLITE, "motor", "pymongo")
SECRET_KEY = "A" * 43 + "="


@dataclass(frozen=True)
class Account:
    """A project and a key to it."""

    project_id: str
    key: str
    key_id: str


class Store:
    """A store as the command line would use it, from this process: a SQLite file or a database."""

    def __init__(self, path: Path, url: str = "", driver: str = "motor") -> None:
        self.path = path
        self.folder = path.parent
        self._url = url or f"sqlite:///{path}"
        self._driver = driver
        self.kind = driver if url else SQLITE

    def variables(self) -> dict[str, str]:
        """The settings of a process that serves it."""
        return {
            "database_url": self._url,
            "mongodb_driver": self._driver,
            "secret_key": SECRET_KEY if self.kind != SQLITE else "",
        }

    def use(self, work: Callable[[Container], Awaitable[T]]) -> T:
        """What *work* makes of a container over the open store; also from inside a running loop."""

        async def run() -> T:
            container = Container(settings=Settings(**self.variables()))
            async with opened_store(container, create=True):
                return await work(container)

        with ThreadPoolExecutor(max_workers=1) as thread:  # in which no loop is running
            return thread.submit(asyncio.run, run()).result()

    def account(self, name: str = "", **fields: Any) -> Account:
        made: NewProject = self.use(
            lambda container: container.create_project()(name or _unused_name(), **fields)
        )
        return Account(made.project.project_id, made.key.secret, made.key.kept.key_id)

    def update(self, account: Account, **fields: Any) -> None:
        change = ProjectChange(**fields)
        self.use(lambda container: container.update_project()(account.project_id, change))

    def revoke(self, account: Account) -> None:
        self.use(lambda c: c.keys().revoke(account.key_id, c.clock().now()))

    def leads(self, account: Account) -> Sequence[Lead]:
        """Every lead of the project, by number."""
        query = LeadQuery(project_id=account.project_id)
        return self.use(lambda c: c.archive().page(query, after=None, limit=1_000_000))

    def held(self, account: Account) -> Sequence[HeldCall]:
        """What the project holds, oldest first."""
        query = HeldQuery(project_id=account.project_id)
        return self.use(lambda c: c.held_archive().page(query, after=None, limit=1_000_000))

    def connect(self, account: Account, channel: str = "whatsapp", **values: Sequence[str]) -> None:
        """Change the settings of a channel."""
        for name, given in values.items():
            remember_setting(name, ",".join(given))
        self.use(lambda c: c.channel_settings().change(account.project_id, channel, values))


def a_store(kind: str, folder: Path, mongodb_url: Callable[[], str]) -> Store:
    """A new one of this kind; a server is started only for those who need it."""
    return Store(folder / "swiftcrm.db", *(() if kind == SQLITE else (mongodb_url(), kind)))


_number = iter(range(1, 1_000_000))


def _unused_name() -> str:
    return f"project {next(_number)}"
