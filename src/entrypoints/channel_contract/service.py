"""The whole program with a channel switched on: a process, a socket and a store of its own."""

import http.client
import json
import os
import subprocess
import sys
import threading
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlencode, urlsplit

from application.ports.lead_channel import LeadChannel
from domain.channel import SettingValues
from domain.delivery import Delivery

TIMEOUT_SECONDS = 60
SHOWN_CHARACTERS = 400
SHOWN_FRAMES = 4
WHERE_EACH_COMES_FROM = (
    '"When it answers an error" in docs/adding-a-channel.md says where each answer comes from.'
)
PROGRAM = (sys.executable, "-c", "from entrypoints.process.main import main; main()")


@dataclass(frozen=True)
class Answer:
    """What the service answered; *log* is what it wrote down because something was wrong."""

    status: int
    body: str
    log: Sequence[str] = ()

    def __str__(self) -> str:
        return "\n".join([f"{self.status} {self.body}", *self.log])


class Service:
    """
    `swiftcrm serve` in *folder*, with its log, and the other commands beside it.

    Attributes:
        port: Where it listens, on 127.0.0.1.
        log: Its last lines.
    """

    def __init__(
        self, process: "subprocess.Popen[str]", folder: Path, variables: dict[str, str]
    ) -> None:
        assert process.stderr is not None
        self.log: deque[str] = deque(maxlen=1000)
        self._folder = folder
        self._numbers = count(1)
        self._grown = threading.Condition()
        self.port = self._port(process.stderr)
        self._variables = variables | {"SWIFTCRM_PUBLIC_URL": f"http://127.0.0.1:{self.port}"}
        threading.Thread(target=self._follow, args=(process.stderr,), daemon=True).start()

    def _port(self, log: IO[str]) -> int:
        for line in log:
            self.log.append(line)
            if '"server.listening"' in line:
                return int(json.loads(line)["port"])
        raise AssertionError(f"the service did not start: {''.join(self.log)}")

    def _follow(self, log: IO[str]) -> None:
        for line in log:
            with self._grown:
                self.log.append(line)
                self._grown.notify_all()

    def log_of(self, request_id: str) -> Sequence[str]:
        """What the log says is wrong with a call that was answered, in lines for people."""

        def lines() -> list[str]:
            return [line for line in self.log if request_id in line]

        with self._grown:
            self._grown.wait_for(
                lambda: any('"http.answered"' in line for line in lines()), TIMEOUT_SECONDS
            )
            return [text for line in lines() for text in _complaints(line)]

    def command(self, *arguments: str) -> Any:
        """What `swiftcrm ARGUMENTS --json` prints."""
        done = subprocess.run(
            [*PROGRAM, *arguments, "--json"],
            cwd=self._folder,
            env=self._variables,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
        assert done.returncode == 0, f"swiftcrm {' '.join(arguments)}: {done.stderr}"
        return json.loads(done.stdout)

    def connect(self, channel: LeadChannel, settings: SettingValues) -> "Connection":
        """A new project that has set these *settings* for *channel*."""
        project = f"project {next(self._numbers)}"
        self.command("project", "create", project)
        given = [f"{name}={','.join(values)}" for name, values in settings.items()]
        command = ("channel", "set") if given else ("channel", "show")
        shown = self.command(*command, project, channel.name, *given)
        return Connection(self, project, shown["webhook_url"])


@dataclass(frozen=True)
class Connection:
    """One project's webhook."""

    service: Service
    project: str
    webhook_url: str

    def deliver(self, delivery: Delivery) -> Answer:
        """Send it as the sender would."""
        parts = urlsplit(self.webhook_url)
        query = "&".join(filter(None, (parts.query, urlencode(delivery.query, doseq=True))))
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.service.port, timeout=TIMEOUT_SECONDS
        )
        try:
            connection.putrequest("POST", f"{parts.path}?{query}")
            connection.putheader("Content-Length", str(len(delivery.body)))
            if "content-type" not in delivery.headers:
                connection.putheader("Content-Type", "application/json")
            for name, values in delivery.headers.items():
                for value in values:
                    connection.putheader(name, value.encode("utf-8", "surrogatepass"))
            connection.endheaders(delivery.body)
            answer = connection.getresponse()
            body = answer.read().decode()
            request_id = answer.getheader("x-request-id", "")
            return Answer(answer.status, body, self.service.log_of(request_id))
        finally:
            connection.close()

    def leads(self) -> Any:
        """The project's leads, each with its messages, newest first."""
        return self.service.command("lead", "list", self.project)

    def counted(self) -> int:
        """How many places of the month's plan are taken."""
        return int(self.service.command("project", "show", self.project)["usage"]["leads"])

    def held(self) -> Sequence[Any]:
        """What is held for the project, oldest first, each with why, what to do, and its body."""
        held = self.service.command("held", "list", self.project)
        return [self.service.command("held", "show", self.project, one["id"]) for one in held]

    def report(self, answers: Iterable[Answer]) -> str:
        """What became of deliveries that were *answered* so, for a test that fails."""
        lines = []
        for answer, times in Counter(map(str, answers)).items():
            often = f" {times} times" if times > 1 else ""
            lines.append(f"The service answered{often}: {answer}")
        bodies: dict[str, list[str]] = {}
        for one in self.held():
            why = f"It is held as {one['code']}, and is no lead. {one['advice']}"
            bodies.setdefault(why, []).append(f"  {_short(one['body'])}")
        for why, came in bodies.items():
            lines += [why, *came]
        return "\n".join([*lines, WHERE_EACH_COMES_FROM])


def _complaints(line: str) -> Iterator[str]:
    """What is wrong, as a line of the log says; nothing where all is well."""
    said = json.loads(line)
    for raised in said.get("exception", ()):
        yield f"  {said['event']}: {raised['exc_type']}: {raised['exc_value']}"
        for frame in raised["frames"][-SHOWN_FRAMES:]:
            yield f"    {frame['filename']}:{frame['lineno']} in {frame['name']}"
    if "cause" in said:
        yield f"  {said['event']}: {said['cause']}"
    elif said["level"] == "warning":  # a channel may warn of something itself
        yield f"  {said['event']}"


def _short(text: str) -> str:
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"


@contextmanager
def serving(word: str, folder: Path) -> Iterator[Service]:
    """The program on a free port, with `SWIFTCRM_CHANNELS=word`; what it keeps is in *folder*."""
    inherited = {name: v for name, v in os.environ.items() if not name.startswith("SWIFTCRM_")}
    variables = inherited | {
        "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path)),
        "SWIFTCRM_DATABASE_URL": f"sqlite:///{folder}/leads.db",
        "SWIFTCRM_CHANNELS": word,
    }
    with subprocess.Popen(
        [*PROGRAM, "serve", "--port", "0"],
        cwd=folder,
        env=variables,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Service(process, folder, variables)
        finally:
            process.terminate()
            try:
                process.wait(TIMEOUT_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
