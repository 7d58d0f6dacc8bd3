"""The program `swiftcrm` as a process of its own."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.entrypoints.cli.command_line import is_one_line
from tests.support.program import PROGRAM, environment, serving, swiftcrm

INSTALLED = str(Path(sys.executable).with_name("swiftcrm"))


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "leads.db"


def test_a_failing_command_is_one_line_and_an_exit_code(database: Path) -> None:
    done = swiftcrm(database, "project", "list")

    assert done.returncode == 5
    assert is_one_line(done.stderr)
    assert done.stdout == ""


def test_the_installed_command_is_the_program(database: Path) -> None:
    done = subprocess.run(
        [INSTALLED, "--version"], env=environment(database), capture_output=True, check=True
    )

    assert done.stdout.startswith(b"swiftcrm ")


def test_output_is_utf8_whatever_the_terminal_claims(database: Path) -> None:
    arguments = ("project", "create", "Zoë 中", "--json")

    done = subprocess.run(
        [*PROGRAM, *arguments],
        env=environment(database) | {"PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout)["name"] == "Zoë 中"


def test_serve_makes_the_store_and_prints_nothing_but_logs(database: Path) -> None:
    with serving(database) as server:
        assert database.exists()
        assert server.line_with(event="store.made")["location"] == str(database)
        assert server.stop() == 0

    assert all(line["event"] != "not json" for line in server.lines)


def test_serve_refuses_to_start_with_a_wrong_channel(database: Path) -> None:
    done = swiftcrm(database, "serve", "--port", "0", channels="telegrm")

    assert done.returncode == 5
    assert done.stderr.splitlines()[-1].startswith("swiftcrm: SWIFTCRM_CHANNELS: telegrm")
    assert not database.exists()


def test_where_the_port_is_in_use_make_run_ends_with_the_line_that_takes_another(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAKELEVEL", "1")
    with serving(database) as server:
        done = swiftcrm(database, "serve", "--quickstart", "--port", str(server.port))

    assert done.returncode == 5
    assert is_one_line(done.stderr)
    assert f"127.0.0.1, port {server.port} already" in done.stderr
    assert re.search(r"`make run PORT=\d+`\.$", done.stderr)
