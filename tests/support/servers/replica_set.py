"""A replica set of three real servers, with the election settings that a new one has."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from pymongo.errors import PyMongoError

from tests.support.in_memory import folder_in_memory
from tests.support.servers.mongod import Mongod, unused_name

MEMBERS = 3
PATIENCE_SECONDS = 60


class ReplicaSet:
    """
    Three members that a test kills, freezes and starts again, one at a time.

    Attributes:
        members: The servers, in the order of the set's configuration.
    """

    def __init__(self, folder: Path, options: Sequence[str], settings: Mapping[str, Any]) -> None:
        folders = [_made(folder / str(number)) for number in range(MEMBERS)]
        self.members = [Mongod(one, *options) for one in folders]
        self._settings = settings

    def url(self, database: str = "") -> str:
        """As a deployment would name it."""
        hosts = ",".join(member.host for member in self.members)
        return f"mongodb://{hosts}/{database or unused_name()}?replicaSet=rs0"

    def start(self) -> None:
        """Start all, make them one set, and wait until it is whole."""
        for member in self.members:
            member.launch()
        hosts = [{"_id": n, "host": member.host} for n, member in enumerate(self.members)]
        config = {"_id": "rs0", "members": hosts, "settings": dict(self._settings)}
        _until(lambda: self._is_initiated(config), "the set was not initiated")
        self.until_whole()

    def primary(self) -> Mongod:
        """The member that takes writes, once there is one."""
        found: list[Mongod] = []

        def is_there() -> bool:
            found[:] = [one for one in self.members if _hello(one).get("isWritablePrimary")]
            return bool(found)

        _until(is_there, "there is no primary")
        return found[0]

    def until_whole(self) -> None:
        """Wait until one member takes writes and the others follow it."""
        _until(self._is_whole, "not every member came back")

    def end(self) -> None:
        """Kill every member, also one that is frozen."""
        for member in self.members:
            with suppress(AssertionError):  # it was never launched
                member.kill()

    def _is_initiated(self, config: Mapping[str, Any]) -> bool:
        with suppress(PyMongoError), self.members[0].direct() as client:
            client.admin.command("replSetInitiate", config)
        return "setName" in _hello(self.members[0])

    def _is_whole(self) -> bool:
        hellos = [_hello(member) for member in self.members]
        primaries = sum(bool(one.get("isWritablePrimary")) for one in hellos)
        followers = sum(bool(one.get("secondary")) for one in hellos)
        return (primaries, followers) == (1, MEMBERS - 1)


def _hello(member: Mongod) -> Mapping[str, Any]:
    """What the member says of itself; nothing where it does not answer."""
    with suppress(PyMongoError), member.direct(socketTimeoutMS=500) as client:
        return client.admin.command("hello")
    return {}


def _until(happens: Callable[[], bool], otherwise: str) -> None:
    """A bound for tests, not a measure."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not happens():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.05)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


@contextmanager
def replica_set(*options: str, **settings: Any) -> Iterator[ReplicaSet]:
    """
    A set of the test's own, in memory where there is room; ended whatever happened.

    Args:
        options: Of each member's command line.
        settings: Of the set's configuration, like `electionTimeoutMillis`; MongoDB's defaults
            without.
    """
    folder = Path(tempfile.mkdtemp(prefix="replica-set-", dir=folder_in_memory()))
    try:
        members = ReplicaSet(folder, options, settings)
        try:
            members.start()
            yield members
        finally:
            members.end()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
