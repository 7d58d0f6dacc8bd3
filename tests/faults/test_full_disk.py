"""The disk is full: nothing is acknowledged that does not fit, and everybody is told."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.entrypoints.http.conftest import Post, poster
from tests.support.program import Server, serving
from tests.support.servers.small_disk import FILLER, fill, on_a_small_disk, seen_from_outside
from tests.support.stores import Account, Store
from tests.support.wire import request

DISK_KIBIBYTES = 3000
LARGE = {"attributes": {"text": "x" * 40_000}}


@dataclass(frozen=True)
class SmallDisk:
    """A server whose store is on a small disk."""

    server: Server
    account: Account
    post: Post
    folder: Path

    def ready(self) -> int:
        return request(self.server.port, "GET", "/api/ready").status

    def events(self, prefix: str) -> list[str]:
        return [e for line in self.server.lines if (e := line["event"]).startswith(prefix)]


@pytest.fixture
def seed(tmp_path: Path) -> tuple[Path, Account]:
    """A folder with a closed store, and a key to it."""
    folder = tmp_path / "seed"
    return folder, Store(folder / "x.db").account()


@pytest.fixture
def small(tmp_path: Path, seed: tuple[Path, Account]) -> Iterator[SmallDisk]:
    disk = tmp_path / "disk"
    disk.mkdir()
    program = on_a_small_disk(disk, DISK_KIBIBYTES, seed[0])
    with serving(disk / "x.db", program=program) as server:
        outside = seen_from_outside(server.process, disk)
        yield SmallDisk(server, seed[1], poster(server, seed[1]), outside)


def test_while_the_disk_is_full_leads_are_503_and_so_is_ready_and_then_all_goes_on(
    small: SmallDisk, tmp_path: Path
) -> None:
    kept = [small.post(LARGE) for _ in range(3)]
    fill(small.folder)
    while (answer := small.post(LARGE)).status == 201:  # what the log has room for
        kept.append(answer)
    small.server.wait_until(lambda: small.ready() == 503)
    refused = [small.post(LARGE), answer]
    full = request(small.server.port, "GET", "/api/ready")
    (small.folder / FILLER).unlink()
    small.server.wait_until(lambda: small.ready() == 200)
    kept.append(small.post(LARGE))

    assert [(one.status, one.code) for one in refused] == [(503, "STORAGE_UNAVAILABLE")] * 2
    assert full.json()["checks"]["database"] == "down"
    assert [one.status for one in kept] == [201] * len(kept)
    assert small.events("store.disk") == ["store.disk_full", "store.disk_has_room"]
    for name in ("x.db", "x.db-wal"):  # nobody writes now
        shutil.copy(small.folder / name, tmp_path / name)
    found = {lead.lead_id for lead in Store(tmp_path / "x.db").leads(small.account)}
    assert {one.json()["lead_id"] for one in kept} <= found


def test_ready_is_503_on_a_full_disk_where_no_lead_came(small: SmallDisk) -> None:
    before = small.ready()
    fill(small.folder)
    small.server.wait_until(lambda: small.ready() == 503)

    assert before == 200


def test_a_store_that_is_deleted_on_a_full_disk_is_saved_once_there_is_room(
    small: SmallDisk, tmp_path: Path
) -> None:
    answer = small.post(LARGE)
    fill(small.folder)
    (small.folder / "x.db").unlink()
    failed = small.server.line_with(event="store.not_saved")
    (small.folder / FILLER).unlink()
    saved = small.server.line_with(event="store.saved")
    copy = tmp_path / "copy.db"
    shutil.copy(small.folder / Path(saved["copy"]).name, copy)

    needed = r"not enough room on the disk: the copy needs 0\.[1-9] MB, and 0\.\d MB is free"
    assert re.search(needed, failed["reason"])
    assert "leave this process running" in failed["advice"]
    found = [lead.lead_id for lead in Store(copy).leads(small.account)]
    assert found == [answer.json()["lead_id"]]


@pytest.mark.parametrize("left_kibibytes", [0, 36])
def test_a_start_on_a_full_disk_says_that_it_is_full(
    tmp_path: Path, seed: tuple[Path, Account], left_kibibytes: int
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    program = on_a_small_disk(disk, DISK_KIBIBYTES, seed[0], left_kibibytes)
    with pytest.raises(AssertionError) as ended, serving(disk / "x.db", program=program):
        pass

    assert f"The disk that holds {disk / 'x.db'} is full." in str(ended.value)
