"""The commands of `docs/backup.md`, run as they are written there, in their order."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.entrypoints.http.conftest import poster
from tests.support.program import PROGRAM, environment, serving
from tests.support.servers.mongod import Mongod, binary, mongod
from tests.support.stores import Account, Store, a_store

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "backup.md").read_text("utf-8")
EMBEDDED, _, MONGODB = PAGE.partition("\n## MongoDB\n")
_BOX = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FOLDERS = ("/var/backups", "/var/tmp", "/var/lib", "/srv", "/mnt")
CRON_PATH = "/usr/bin:/bin"

Run = Callable[[str], str]


def boxes(text: str, kind: str = "sh") -> list[str]:
    return [content for mark, content in _BOX.findall(text) if mark == kind]


@pytest.fixture
def machine(tmp_path: Path) -> SimpleNamespace:
    """Folders of the page, below one of the test's own, and a shell that knows our commands."""
    for folder in (*FOLDERS, "/var/backups/swiftcrm", "/srv/swiftcrm/data", "/mnt/elsewhere"):
        (tmp_path / folder[1:]).mkdir(parents=True, exist_ok=True)
    commands = tmp_path / "bin"
    commands.mkdir()
    for name, words in {"swiftcrm": PROGRAM, "mongod": (binary(),)}.items():
        quoted = " ".join(f"'{word}'" for word in words)
        (commands / name).write_text(f'#!/bin/sh\nexec {quoted} "$@"\n')
        (commands / name).chmod(0o700)
    installed = tmp_path / "srv/swiftcrm/.venv/bin/swiftcrm"
    installed.parent.mkdir(parents=True)
    installed.symlink_to(commands / "swiftcrm")
    store = tmp_path / "srv/swiftcrm/data/swiftcrm.db"
    variables = environment(store)
    del variables["SWIFTCRM_DATABASE_URL"]  # the default is relative to where the service runs

    def run(script: str, path: str = f"{commands}{os.pathsep}{os.environ['PATH']}") -> str:
        for folder in FOLDERS:
            script = script.replace(folder, f"{tmp_path}{folder}")
        done = subprocess.run(
            ["sh", "-e", "-c", script],
            cwd=tmp_path / "srv/swiftcrm",
            env=variables | {"PATH": path},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, f"{script}\n{done.stderr}"
        return done.stdout

    return SimpleNamespace(root=tmp_path, store=Store(store), run=run)


def a_lead(store: Store, account: Account, name: str) -> None:
    with serving(store) as server:
        assert poster(server, account)({"name": name}).status == 201
        assert server.stop() == 0


def names(store: Store, account: Account) -> list[str | None]:
    return [lead.details.name for lead in store.leads(account)]


def test_every_box_is_run_here_or_says_that_it_was_not() -> None:
    assert [mark for mark, _ in _BOX.findall(PAGE)] == [
        "sh",
        "cron",
        *["sh"] * 5,
        *["text"] * 2,
        *["sh"] * 2,
        "text",
    ]
    assert "these were not run here" in EMBEDDED
    assert "they were not run here" in MONGODB


def _lay_older_files(backups: Path, copies: Path) -> None:
    (backups / "killed.db.0123.partial").touch()
    (copies / "first.db.partial").write_text("cut short last night")
    (copies / "older.db").write_text("precious")
    (backups / "older.db").touch()


def test_the_embedded_store_is_saved_tried_out_and_restored(machine: SimpleNamespace) -> None:
    save, elsewhere, month, trial, restore, read_old = boxes(EMBEDDED)
    (cron,) = boxes(EMBEDDED, "cron")
    account = machine.store.account("Acme Ltd")
    backups = machine.root / "var/backups/swiftcrm"

    with serving(machine.store) as server:
        machine.store.connect(account, app_secret=["0123456789"])
        machine.run(save)
        machine.run(cron.split(maxsplit=5)[5].replace(r"\%", "%"), CRON_PATH)
        assert server.stop() == 0
    copies = machine.root / "mnt/elsewhere"
    _lay_older_files(backups, copies)
    machine.run(elsewhere)
    old = backups / "leads-2001-01-01.db"
    old.touch()
    os.utime(old, (0, 0))
    machine.run(month)
    nightly = [one.name for one in backups.glob("leads-*")]
    a_lead(machine.store, account, "after the backup")
    tried = machine.run(f"{trial}\n{restore}")  # in one shell, as a reader does
    (aside,) = machine.store.path.parent.glob("*.replaced-*Z")
    shutil.copy(aside, machine.store.path.with_name("swiftcrm.db.replaced-20010101T000000Z"))
    read = machine.run(read_old)

    assert {"first.db", "first.db.key"} < {one.name for one in backups.iterdir()}
    assert len(nightly) == 2
    assert old.name not in nightly
    assert {one.name for one in copies.iterdir()} == {
        *("first.db", "first.db.key", "older.db"),
        *nightly,
    }
    assert (copies / "first.db").read_bytes() == (backups / "first.db").read_bytes()
    assert (copies / "older.db").read_text() == "precious"
    assert "Acme Ltd" in tried
    assert list((machine.root / "var/tmp").iterdir()) == []
    assert names(machine.store, account) == []
    assert read.count("after the backup") == 2


@pytest.fixture
def one_member() -> Iterator[Mongod]:
    with mongod() as server:
        try:
            yield server
        finally:
            shutil.rmtree(f"{server.folder}.replaced", ignore_errors=True)


def test_the_files_of_a_member_are_saved_and_put_back(
    machine: SimpleNamespace, one_member: Mongod
) -> None:
    save, put_back = (
        box.replace("/var/lib/mongodb", str(one_member.folder)) for box in boxes(MONGODB)
    )
    store = a_store("motor", machine.root / "srv", one_member.url)
    account = store.account()
    a_lead(store, account, "kept")
    machine.run(save)
    assert one_member.kill() == 0  # it had ended in peace
    one_member.start()
    a_lead(store, account, "after the backup")
    one_member.kill()
    machine.run(put_back)
    one_member.start()

    assert names(store, account) == ["kept"]
    with one_member.direct() as client:
        (database,) = (name for name in client.list_database_names() if name.startswith("t"))
        indexes = client[database]["leads"].list_indexes()
        assert sum(bool(index.get("unique")) for index in indexes) == 4
