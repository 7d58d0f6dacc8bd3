"""What is measured beside each other: each a service that runs until the end of the measurement."""

import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Self

from entrypoints.container import Container
from tests.bench.calls import DOMAIN, post_lead, rest_lead
from tests.bench.pace.processes import program
from tests.support.program import PROGRAM, environment
from tests.support.servers.mongod import Mongod, mongod
from tests.support.servers.redis_server import RedisServer, redis_server
from tests.support.stores import SQLITE, Store, a_store

ROOT = Path(__file__).parents[3]
PARSE_SERVER_PROGRAM = ROOT / "tests" / "bench" / "peers" / "parse_server" / "server.mjs"
PEERS_PYTHON = ROOT / ".venv-peers" / "bin" / "python"
"""Has FastAPI and Eve; where the program can import FastAPI, each of its processes does."""
BARE, NAIVE, PARSE_SERVER, EVE = "bare Sanic", "naive (FastAPI)", "Parse Server", "Eve"
PEERS = (PARSE_SERVER, EVE)
OURS = {"ours, SQLite": SQLITE, "ours, Motor": "motor", "ours, PyMongo": "pymongo"}
LIMIT = 10**9
"""
Of one project. Of several, each of which is idle between two rounds, MongoDB would be asked for the
places of the month at each lead for some seconds, and that would be all that is measured.
"""
RATE = "100000000/minute"
"""Every call is counted, and none is too many."""


@dataclass(frozen=True)
class Side:
    """
    A running service.

    Attributes:
        requests: What is sent to it, over and over.
        services: Its own processes.
        database: Its `mongod`, if it has one.
        redis: The process of its Redis.
        store: Where its leads are, if it is ours.
    """

    name: str
    ports: Sequence[int]
    requests: Sequence[bytes]
    services: Sequence[int]
    database: Mongod | None = None
    redis: int | None = None
    store: Store | None = None

    def inserts(self) -> tuple[int, int]:
        """How many documents its `mongod` has inserted so far, in how many commands."""
        if self.database is None:
            return 0, 0
        with self.database.direct() as client:
            status = client.admin.command("serverStatus")
        return status["opcounters"]["insert"], status["metrics"]["commands"]["insert"]["total"]


class Machine:
    """Starts sides, and what they need; all end with it. It says which one it starts."""

    def __init__(self, say: Callable[[str], None] = lambda _text: None) -> None:
        if find_spec("fastapi") is not None:  # each process of ours would import it
            sys.exit("FastAPI is left over in .venv: delete that folder, and make install-dev.")
        self._say = say
        self._stack = ExitStack()
        self._redis: RedisServer | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def folder(self) -> Path:
        return Path(self._stack.enter_context(tempfile.TemporaryDirectory()))

    def redis(self) -> RedisServer:
        """One for all: only one side is under load at a time."""
        if self._redis is None:
            self._redis = self._stack.enter_context(redis_server(self.folder()))
        return self._redis

    def side(self, name: str) -> Side:
        """A new one of this name."""
        if name in OURS:
            return self.ours(name, OURS[name])
        self._say(f"starting: {name}")
        others = {
            BARE: self.bare,
            NAIVE: self.naive,
            PARSE_SERVER: self.parse_server,
            EVE: self.eve,
        }
        return others[name]()

    def bare(self) -> Side:
        port, process_id = self._module("tests.bench.pace.bare", {})
        return Side(BARE, [port], [rest_lead("swk_none")], [process_id])

    def naive(self) -> Side:
        database = self._stack.enter_context(mongod())
        variables = {"MONGODB_URL": database.url(), "REDIS_URL": self.redis().url, "API_KEY": "k"}
        port, process_id = self._module("tests.bench.pace.naive", variables, _python_of_peers())
        return self._with_servers(NAIVE, [port], [rest_lead("k")], [process_id], database)

    def parse_server(self) -> Side:
        database = self._stack.enter_context(mongod())
        url = f"{database.url()}&w=majority&journal=true"
        variables = {**os.environ, "MONGODB_URL": url, "PARSE_APPLICATION_ID": "leads"}
        command = ("node", str(PARSE_SERVER_PROGRAM), "PORT")
        port, process_id = self._started(command, variables)
        request = post_lead("/parse/classes/Lead", {"X-Parse-Application-Id": "leads"})
        return Side(PARSE_SERVER, [port], [request], [process_id], database)

    def eve(self) -> Side:
        database = self._stack.enter_context(mongod())
        variables = {"MONGODB_URL": database.url()}
        module = "tests.bench.peers.eve_service"
        port, process_id = self._module(module, variables, _python_of_peers())
        return Side(EVE, [port], [post_lead("/leads", {})], [process_id], database)

    def ours(
        self,
        name: str,
        kind: str,
        *,
        source: Path = ROOT / "src",
        projects: int = 1,
        processes: int = 1,
        fill: Callable[[Store], None] = lambda _store: None,
        launcher: Sequence[str] = PROGRAM,
    ) -> Side:
        """Our service with everything on: keys, pages, rate, plan, log, and Redis."""
        self._say(f"starting: {name}")
        database = None if kind == SQLITE else self._stack.enter_context(mongod())
        store = a_store(kind, self.folder(), lambda: _url(database))
        keys = _keys_of_projects(store, projects)
        fill(store)
        variables = environment(
            store, redis_url=self.redis().url, rate_limit=RATE, trusted_proxies="127.0.0.1"
        ) | {"PYTHONPATH": os.pathsep.join((str(source), str(ROOT)))}
        started = [self._served(store, variables, launcher) for _ in range(processes)]
        ports, services = [port for port, _ in started], [one for _, one in started]
        requests = [rest_lead(key) for key in keys]
        return self._with_servers(name, ports, requests, services, database, store)

    def _served(
        self, store: Store, variables: Mapping[str, str], launcher: Sequence[str]
    ) -> tuple[int, int]:
        command = (*launcher, "serve", "--port", "PORT")
        return self._stack.enter_context(program(store.folder, command, variables))

    def _module(
        self, name: str, variables: Mapping[str, str], python: str = sys.executable
    ) -> tuple[int, int]:
        variables = {**os.environ, "PYTHONPATH": str(ROOT), **variables}
        return self._started((python, "-m", name, "PORT"), variables)

    def _started(self, command: Sequence[str], variables: Mapping[str, str]) -> tuple[int, int]:
        return self._stack.enter_context(program(self.folder(), command, variables))

    def _with_servers(
        self,
        name: str,
        ports: Sequence[int],
        requests: Sequence[bytes],
        services: Sequence[int],
        database: Mongod | None,
        store: Store | None = None,
    ) -> Side:
        redis = self.redis().process.pid
        return Side(name, ports, requests, services, database, redis, store)


def _python_of_peers() -> str:
    if not PEERS_PYTHON.exists():
        sys.exit("FastAPI and Eve have packages of their own. First: make install-peers")
    return str(PEERS_PYTHON)


def _keys_of_projects(store: Store, projects: int) -> Sequence[str]:
    """A key to each of so many new projects."""

    async def create(container: Container) -> Sequence[str]:
        new, limit = container.create_project(), LIMIT if projects == 1 else None
        made = [
            await new(f"Company {number}", domains=[DOMAIN], monthly_limit=limit)
            for number in range(projects)
        ]
        return [one.key.secret for one in made]

    return store.use(create)


def _url(database: Mongod | None) -> str:
    assert database is not None
    return database.url()
