"""The example channel outside the repository, installed beside the service as a team would."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from typing import Any

import pytest

from tests.support.program import environment, serving
from tests.support.wire import request

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "telegram_channel"
CHANNELS = "whatsapp,telegram_channel:channel"
TOKEN = "a-token_of-ours"
ALONE = {"PYTHONPATH": ""}
"""What is installed has to do: nothing is taken from the repository."""


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a new virtual environment with the service and the example, from wheels."""
    folder = tmp_path_factory.mktemp("fresh")
    venv.create(folder / "venv", with_pip=False)
    lent = sysconfig.get_path("purelib")  # the libraries, and what builds: nothing is fetched
    packages = sysconfig.get_path("purelib", vars={"base": str(folder / "venv")})
    (Path(packages) / "lent.pth").write_text(f"{lent}\n")
    example = shutil.copytree(EXAMPLE, folder / "example", ignore=shutil.ignore_patterns("__py*"))
    subprocess.run(
        [Path(sys.executable).with_name("uv"), "pip", "install", "-q", "--offline", "--no-deps",
         "--no-build-isolation", "--cache-dir", folder / "cache",
         "--python", folder / "venv/bin/python", ROOT, example],
        check=True,
    )  # fmt: skip
    return folder / "venv" / "bin"


def _swiftcrm(fresh: Path, database: Path, *arguments: str) -> Any:
    done = subprocess.run(
        [fresh / "swiftcrm", *arguments, "--json"],
        env=environment(database, channels=CHANNELS) | ALONE,
        cwd=database.parent,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_service_there_is_the_installed_one(fresh: Path) -> None:
    code = "import telegram_channel, entrypoints.channel_contract as it; print(it.__file__)"
    done = subprocess.run(
        [fresh / "python", "-c", code], env=os.environ | ALONE, capture_output=True, check=True
    )

    assert Path(done.stdout.decode().strip()).is_relative_to(fresh.parent)


def test_the_service_there_has_the_programs_that_its_console_shows(fresh: Path) -> None:
    code = (
        "from entrypoints.console.programs import FOLDER, PROGRAMS; print(FOLDER);"
        "print(all(one.text('') for one in PROGRAMS.values()))"
    )
    done = subprocess.run(
        [fresh / "python", "-c", code], env=os.environ | ALONE, capture_output=True, check=True
    )

    folder, read = done.stdout.decode().splitlines()
    assert Path(folder).is_relative_to(fresh.parent)
    assert read == "True"


def test_a_delivery_to_the_example_makes_a_lead(fresh: Path, tmp_path: Path) -> None:
    database = tmp_path / "leads.db"
    _swiftcrm(fresh, database, "project", "create", "Acme")
    given = ("channel", "set", "Acme", "telegram", f"secret_token={TOKEN}")
    url = _swiftcrm(fresh, database, *given)["webhook_url"]
    person = {"id": 1111111, "is_bot": False, "first_name": "Ada"}
    message = {"message_id": 1, "from": person, "chat": {"id": 1111111, "type": "private"},
               "date": 1795341600, "text": "hello"}  # fmt: skip
    body = json.dumps({"update_id": 1, "message": message}).encode()

    program = (str(fresh / "swiftcrm"),)
    with serving(database, program=program, outside=ALONE, channels=CHANNELS) as server:
        path = url[url.index("/api/telegram/") :]
        statuses = [
            request(server.port, "POST", path, headers, body).status
            for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": TOKEN})
        ]
        [lead] = _swiftcrm(fresh, database, "lead", "list", "Acme")
        assert server.stop() == 0

    assert statuses == [401, 200]
    assert (lead["channel"], lead["name"]) == ("telegram", "Ada")


def test_the_examples_own_tests_pass(fresh: Path) -> None:
    done = subprocess.run(
        [fresh / "python", "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=fresh.parents[1] / "example",
        env=os.environ | ALONE,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout
