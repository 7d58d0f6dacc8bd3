"""`swiftcrm backup` and `swiftcrm restore`, as an operator uses them."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.entrypoints.cli.command_line import CommandLine, is_one_line, of
from tests.support.program import PROGRAM, environment, serving, swiftcrm
from tests.support.servers.small_disk import on_a_small_disk

SECRET = "app_secret=0123456789abcdef0123456789abcdef"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    folder = tmp_path / "backups"
    folder.mkdir()
    return folder / "b.db"


@pytest.fixture
def with_secret(cli: CommandLine, acme: dict[str, Any]) -> dict[str, Any]:
    """Acme, with an app secret and one lead."""
    cli.json("channel", "set", "Acme Ltd", "whatsapp", SECRET)
    cli.keep(acme["project_id"], of(acme["project_id"]))
    return acme


@pytest.mark.usefixtures("with_secret")
def test_a_backup_says_what_it_has_and_where_its_key_is(cli: CommandLine, file: Path) -> None:
    assert cli.json("backup", str(file)) == {
        "file": str(file),
        "bytes": file.stat().st_size,
        "projects": 1,
        "leads": 1,
        "held": 0,
        "key_file": f"{file}.key",
    }


@pytest.mark.usefixtures("with_secret")
def test_a_lost_store_comes_back_with_its_leads_and_its_secrets(
    cli: CommandLine, file: Path
) -> None:
    cli.json("backup", str(file))
    for one in cli.database.parent.iterdir():
        one.unlink()
    restored = cli.json("restore", str(file))

    assert restored["store"] == str(cli.database)
    assert (restored["leads"], restored["replaced"]) == (1, None)
    assert restored["key_file"] == f"{cli.database}.key"
    assert len(cli.json("lead", "list", "Acme Ltd")) == 1
    assert "WARNING" not in cli("backup", str(file.with_name("again.db"))).stderr


@pytest.mark.usefixtures("acme")
def test_what_is_there_is_put_aside_and_named(cli: CommandLine, file: Path) -> None:
    cli.json("backup", str(file))
    cli.json("project", "create", "Beta")
    refused = cli("restore", str(file))
    restored = cli.json("restore", str(file), "--replace")

    assert refused.exit_code == 4
    assert "0 leads of 2 projects. With --replace it is put aside" in refused.stderr
    assert [project["name"] for project in cli.json("project", "list")] == ["Acme Ltd"]
    assert Path(restored["replaced"]).exists()


@pytest.mark.usefixtures("with_secret")
def test_a_backup_without_its_key_is_put_back_only_if_that_is_said(
    cli: CommandLine, file: Path
) -> None:
    key = Path(cli.json("backup", str(file))["key_file"])
    key.unlink()
    Path(f"{cli.database}.key").unlink()
    refused = cli("restore", str(file), "--replace")
    restored = cli.json("restore", str(file), "--replace", "--without-secrets")

    assert refused.exit_code == 5
    assert is_one_line(refused.stderr)
    assert str(key) in refused.stderr
    assert restored["leads"] == 1


def test_a_key_that_is_set_must_be_kept_too_and_no_other_will_do(
    cli: CommandLine, acme: dict[str, Any], file: Path
) -> None:
    cli.set("secret_key", "A" * 43 + "=")
    cli.json("channel", "set", "Acme Ltd", "whatsapp", SECRET)
    saved = cli("backup", str(file))
    cli.set("secret_key", "B" * 43 + "=")
    refused = cli("restore", str(file), "--replace")
    again = cli("backup", str(file.with_name("again.db")))

    assert "SWIFTCRM_SECRET_KEY, which is not in the backup" in saved.stderr
    assert list(file.parent.glob("*.key")) == []
    assert refused.exit_code == 5
    assert "WARNING: The secrets of channels in this backup cannot be read" in again.stderr


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(
    ("name", "exit_code", "said"),
    [
        ("there", 4, "exists already"),
        (".", 4, "is a folder"),
        ("nowhere/b.db", 5, "There is no folder"),
        ("../store/leads.db", 4, "exists already"),
    ],
)
def test_a_place_that_will_not_do_is_said_and_nothing_is_left(
    cli: CommandLine, file: Path, name: str, exit_code: int, said: str
) -> None:
    (file.parent / "there").write_text("precious")
    done = cli("backup", str(file.parent / name))

    assert done.exit_code == exit_code
    assert is_one_line(done.stderr)
    assert said in done.stderr
    assert [one.name for one in file.parent.iterdir()] == ["there"]


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_mongodb_has_its_own_tools_and_the_page_is_named(
    cli: CommandLine, file: Path, command: str
) -> None:
    cli.set("database_url", "mongodb://127.0.0.1:1/x")
    file.touch()
    done = cli(command, str(file))

    assert done.exit_code == 5
    assert is_one_line(done.stderr)
    assert "docs/backup.md" in done.stderr


def test_nothing_is_restored_while_a_server_runs_and_a_backup_is_made(tmp_path: Path) -> None:
    store, file = tmp_path / "x.db", tmp_path / "b.db"
    with serving(store) as server:
        saved = swiftcrm(store, "backup", str(file))
        refused = swiftcrm(store, "restore", str(file), "--replace")
        assert server.stop() == 0
    restored = swiftcrm(store, "restore", str(file), "--replace")

    assert saved.returncode == 0
    assert (refused.returncode, is_one_line(refused.stderr)) == (6, True)
    assert "End every `swiftcrm serve`" in refused.stderr
    assert restored.returncode == 0


@pytest.mark.usefixtures("acme")
def test_a_full_disk_is_said_and_nothing_is_left(cli: CommandLine, tmp_path: Path) -> None:
    disk, nothing = tmp_path / "disk", tmp_path / "nothing"
    disk.mkdir()
    nothing.mkdir()
    program = on_a_small_disk(
        disk, 64, nothing, program=("sh", "-c", '"$@"; echo "ended $?"; ls -A "$0"', str(disk))
    )
    done = subprocess.run(
        [*program, *PROGRAM, "backup", str(disk / "b.db")],
        env=environment(cli.database),
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "ended 5\n"
    assert f"The disk of {disk} is full" in done.stderr
    assert is_one_line(done.stderr)
