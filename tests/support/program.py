"""Real servers, each a process of its own, on a free port and a store in a folder of the test's."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

from tests.support.servers.log_search import (
    assert_says_nothing_of_a_person,
    remember,
    remember_setting,
)

START_TIMEOUT_SECONDS = 30
STOP_TIMEOUT_SECONDS = 15

PROGRAM = (sys.executable, "-c", "from entrypoints.process.main import main; main()")


class Place(Protocol):
    """Where a process finds its store."""

    @property
    def folder(self) -> Path: ...
    def variables(self) -> dict[str, str]: ...


def _place(store: "Place | Path") -> tuple[Path, dict[str, str]]:
    """A path is SQLite's file."""
    if isinstance(store, Path):
        return store.parent, {"database_url": f"sqlite:///{store}"}
    return store.folder, store.variables()


def environment(store: Place | Path, **variables: str) -> dict[str, str]:
    """This process's environment without settings of a developer's own."""
    inherited = {name: v for name, v in os.environ.items() if not name.startswith("SWIFTCRM_")}
    root = Path(__file__).parents[2]
    path = os.pathsep.join(map(str, (root / "src", root)))
    return inherited | {
        "PYTHONPATH": path,
        **{
            f"SWIFTCRM_{name.upper()}": value
            for name, value in (_place(store)[1] | variables).items()
        },
    }


def swiftcrm(
    store: Place | Path, *arguments: str, stdin: str | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    """
    Run one command to its end; what it reads from *stdin* is a secret.

    Nothing of what the tests sent may stand in its stderr.
    """
    for secret in (stdin or "").split():
        remember(secret)
    if arguments[:2] == ("channel", "set"):
        for argument in arguments:
            name, _, value = argument.partition("=")
            remember_setting(name, value)
    done = subprocess.run(
        [*PROGRAM, *arguments],
        env=environment(store, **variables),
        cwd=_place(store)[0],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert_says_nothing_of_a_person(done.stderr.encode())
    return done


def swiftcrm_json(store: Place | Path, *arguments: str, **variables: str) -> Any:
    """What a command prints with --json."""
    done = swiftcrm(store, *arguments, "--json", **variables)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


class Server:
    """One serving process; its log lines are read as they come."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self.process = process
        self.lines: list[dict[str, Any]] = []
        self.raw_log = bytearray()
        self._arrived: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.port: int = self.wait_for("server.listening")["port"]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def wait_for(self, event: str, timeout_seconds: float = START_TIMEOUT_SECONDS) -> Any:
        """The next log line of this event."""
        while (line := self._arrived.get(timeout=timeout_seconds)) is not None:
            if line.get("event") == event:
                return line
        raise AssertionError(f"the server ended: {self.raw_log.decode(errors='replace')}")

    def line_with(self, **members: Any) -> dict[str, Any]:
        """The first log line with these members; the log arrives beside the answers."""

        def found() -> list[dict[str, Any]]:
            return [line for line in self.lines if members.items() <= line.items()]

        self.wait_until(lambda: bool(found()))
        return found()[0]

    def wait_until(self, happens: Callable[[], bool], timeout_seconds: float = 20) -> None:
        """Ask again and again until it does; a bound for tests, not a measure."""
        deadline = time.monotonic() + timeout_seconds
        while not happens():
            assert time.monotonic() < deadline, "it did not happen"
            time.sleep(0.01)

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        """Kill it if it still runs, and read its log to the end."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join(timeout=STOP_TIMEOUT_SECONDS)

    def stop(self) -> int:
        """End it as an operator would; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=STOP_TIMEOUT_SECONDS)
        self._reader.join(timeout=STOP_TIMEOUT_SECONDS)
        return code

    def _read(self) -> None:
        assert self.process.stderr is not None
        for text in self.process.stderr:
            self.raw_log += text
            try:
                line = json.loads(text)
            except ValueError:
                line = {"event": "not json", "text": text.decode(errors="replace")}
            self.lines.append(line)
            self._arrived.put(line)
        self._arrived.put(None)


@contextmanager
def serving(
    store: Place | Path,
    *arguments: str,
    program: tuple[str, ...] = PROGRAM,
    outside: Mapping[str, str] = MappingProxyType({}),
    **variables: str,
) -> Iterator[Server]:
    """
    A server on a free port; killed in the end if the test did not end it.

    Nothing of what the tests sent to any server may stand in its log.

    Args:
        outside: Environment variables that are no settings of the program's.
    """
    process = subprocess.Popen(
        [*program, "serve", "--port", "0", *arguments],
        env=environment(store, **variables) | dict(outside),
        cwd=_place(store)[0],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        server = Server(process)
        yield server
        server.end()
        assert_says_nothing_of_a_person(server.raw_log)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        if process.stderr is not None:
            process.stderr.close()
