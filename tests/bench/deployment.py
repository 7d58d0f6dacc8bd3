"""The program of any tree over a new store, with the tracer of this one."""

import json
import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.program import environment, serving
from tests.support.servers.mongod import mongod

ROOT = Path(__file__).parents[2]
SCRIPT = "swiftcrm"
SQLITE = "sqlite"
DRIVERS = ("motor", "pymongo")
KINDS = (SQLITE, *DRIVERS)


@dataclass(frozen=True)
class Deployment:
    """
    A program and its store, behind a proxy.

    Attributes:
        source: The folder that its packages are in; beside it is the `pyproject.toml` that names
            its main function.
    """

    source: Path
    folder: Path
    database_url: str
    driver: str

    @property
    def trace(self) -> Path:
        """Here the tracer leaves the walk of a call, before the call is answered."""
        return self.folder / "trace.json"

    def variables(self) -> dict[str, str]:
        return {
            "database_url": self.database_url,
            "mongodb_driver": self.driver,
            "secret_key": "A" * 43 + "=",
            "trusted_proxies": "127.0.0.1",
        }

    def program(self) -> tuple[str, ...]:
        project = tomllib.loads((self.source.parent / "pyproject.toml").read_text())["project"]
        main = project["scripts"][SCRIPT]
        tracer = ("-m", "tests.bench.tracing", str(self.source), str(self.trace))
        return (sys.executable, *tracer, main)

    def paths(self) -> dict[str, str]:
        return {"PYTHONPATH": os.pathsep.join((str(self.source), str(ROOT)))}

    def command(self, *arguments: str) -> Any:
        """What a command prints with --json."""
        done = subprocess.run(
            [*self.program(), *arguments, "--json"],
            env=environment(self) | self.paths(),
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise SystemExit(f"`{SCRIPT} {' '.join(arguments)}` failed: {done.stderr}")
        return json.loads(done.stdout)

    @contextmanager
    def served(self) -> Iterator[int]:
        """Its port, while it serves."""
        with serving(self, program=self.program(), outside=self.paths()) as server:
            yield server.port


@contextmanager
def deployed(source: Path, kind: str) -> Iterator[Deployment]:
    """A program over a new store of this kind."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if kind == SQLITE:
            yield Deployment(source, folder, f"sqlite:///{folder / 'swiftcrm.db'}", DRIVERS[0])
        else:
            yield Deployment(source, folder, stack.enter_context(mongod()).url(), kind)
