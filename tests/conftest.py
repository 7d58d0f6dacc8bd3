"""Servers that are started once, when the first test asks for them, and programs that are here."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from adapters.mongodb.connection.driver import MOTOR_THREADS
from tests.support.repetitions import times
from tests.support.servers.log_search import forget
from tests.support.servers.mongod import RunningMongod, any_mongod

SCRIPT = Path(__file__).parents[1] / "scripts" / "programs.py"

# Read by Motor when it is imported, which here is whenever the first test that needs it is read.
os.environ.setdefault("MOTOR_MAX_WORKERS", str(MOTOR_THREADS))

# How fast an example is says something of the machine, and nothing of what is tested.
settings.register_profile("swiftcrm", deadline=None, max_examples=times(200, quick=50))
settings.load_profile("swiftcrm")


@pytest.fixture(scope="module", autouse=True)
def logs_are_searched_for_what_this_module_sends() -> None:
    """A word that another module sends may stand in its log: one process runs several, in turn."""
    forget()


@pytest.fixture(scope="session")
def mongod() -> Iterator[RunningMongod]:
    """A server that tests share and leave as it is."""
    with any_mongod() as server:
        yield server


@pytest.fixture(scope="session")
def check_programs() -> Callable[[str], None]:
    """A missing program is a failure, and never a test that was left out."""

    def check(target: str) -> None:
        told = subprocess.run(
            [sys.executable, SCRIPT, "--check", target],
            capture_output=True,
            text=True,
            check=False,
        )
        assert told.returncode == 0, told.stderr

    return check


@pytest.fixture(scope="session")
def curl_and_openssl(check_programs: Callable[[str], None]) -> None:
    """They are here, also where no `make test` has looked."""
    check_programs("test")
