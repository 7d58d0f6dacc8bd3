"""What lies at the name of the lock may be anybody's: root opens the store as well."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from adapters.sqlite.files.lock import LENGTH
from domain.errors import Advice, AdviceCode, StoreUnusable
from tests.adapters.sqlite.conftest import Open

PRECIOUS = b"root:x:0:0\n"


@pytest.fixture
def lock_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.lock")


@pytest.fixture
def precious(tmp_path: Path) -> Path:
    file = tmp_path / "precious"
    file.write_bytes(PRECIOUS)
    return file


@pytest.fixture
def given_away(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of the files that root gives away, where somebody is root or passes for it."""
    given: list[int] = []
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "fchown", lambda made, *_: given.append(os.fstat(made).st_ino))
    monkeypatch.setattr(os, "chown", lambda file, *_: given.append(os.stat(file).st_ino))  # noqa: PTH116  as it is called
    return given


def link_to(lock_file: Path, file: Path) -> None:
    lock_file.symlink_to(file)


def link_into_nothing(lock_file: Path, file: Path) -> None:
    lock_file.symlink_to(file.with_name("made by root"))


def second_name(lock_file: Path, file: Path) -> None:
    lock_file.hardlink_to(file)


def moved(lock_file: Path, file: Path) -> None:
    lock_file.write_bytes(file.read_bytes())


def pipe(lock_file: Path, _file: Path) -> None:
    os.mkfifo(lock_file)


@pytest.mark.parametrize("put", [link_to, link_into_nothing, second_name, moved, pipe])
def test_what_is_not_the_lock_is_refused_left_as_it_is_and_not_given_away(
    open_store: Open,
    path: Path,
    lock_file: Path,
    precious: Path,
    given_away: list[int],
    put: Callable[[Path, Path], None],
) -> None:
    put(lock_file, precious)
    before = os.lstat(lock_file)
    with pytest.raises(StoreUnusable, match="it is not the lock of the store") as caught:
        open_store(path)

    assert caught.value.advice == (Advice(AdviceCode.MOVE_FILE_AWAY, {"file": lock_file}),)
    assert os.lstat(lock_file) == before
    assert precious.read_bytes() == PRECIOUS
    assert {one.name for one in path.parent.iterdir()} == {lock_file.name, precious.name}
    assert given_away == []


def test_an_empty_file_that_has_another_name_is_not_the_lock(
    open_store: Open, path: Path, lock_file: Path, precious: Path
) -> None:
    precious.write_bytes(b"")
    second_name(lock_file, precious)

    with pytest.raises(StoreUnusable, match="has a second name"):
        open_store(path)
    assert precious.read_bytes() == b""


def test_root_gives_the_lock_to_whom_the_store_belongs_when_it_makes_it_and_never_again(
    open_store: Open, path: Path, lock_file: Path, given_away: list[int]
) -> None:
    for _ in range(2):
        open_store(path).close()

    assert given_away == [lock_file.stat().st_ino]


def test_root_that_may_give_nothing_away_opens_the_store_all_the_same(
    open_store: Open, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    for name in ("chown", "fchown"):
        monkeypatch.setattr(os, name, refuse)

    open_store(path)


@pytest.fixture
def shared_store(open_store: Open, path: Path) -> Path:
    """A closed store that all of a group may write, where new files are their maker's alone."""
    open_store(path).close()
    path.chmod(0o660)
    return path


@pytest.fixture
def narrow_umask() -> Iterator[None]:
    before = os.umask(0o077)
    yield
    os.umask(before)


@pytest.mark.usefixtures("narrow_umask")
def test_who_may_write_the_store_may_lock_it(
    open_store: Open, shared_store: Path, lock_file: Path
) -> None:
    lock_file.unlink()
    open_store(shared_store)

    assert lock_file.stat().st_mode & 0o777 == 0o660
    assert lock_file.stat().st_gid == shared_store.stat().st_gid


def test_the_lock_gets_the_rights_that_the_store_got_later_from_its_owner_but_not_from_root(
    open_store: Open, shared_store: Path, lock_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes = []
    for root in (os.geteuid(), -1):
        monkeypatch.setattr("adapters.sqlite.files.lock.ROOT", root)
        open_store(shared_store).close()
        modes.append(lock_file.stat().st_mode & 0o777)

    assert modes == [0o600, 0o660]


def test_who_may_not_open_the_lock_is_told_what_its_owner_can_do(
    open_store: Open, shared_store: Path, lock_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.open

    def refuse(file: Path, flags: int, mode: int = 0o777) -> int:
        if file == lock_file and not flags & os.O_EXCL:
            raise PermissionError(13, "Permission denied")  # root, as tests may be, meets none
        return real(file, flags, mode)

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(StoreUnusable, match="this user does not have the right to") as caught:
        open_store(shared_store)

    names = {"file": lock_file, "store": shared_store}
    assert caught.value.advice == (Advice(AdviceCode.SHARE_WITH_GROUP, names),)


@pytest.mark.parametrize("left", [b"", b"[[2050, 17], [20", b"\0" * 100])
def test_what_a_crash_left_of_the_lock_is_the_lock(
    open_store: Open, path: Path, lock_file: Path, left: bytes
) -> None:
    lock_file.write_bytes(left)

    open_store(path)
    open_store(path)


def test_what_is_written_into_the_lock_takes_the_place_of_what_was_in_it(
    open_store: Open, path: Path, lock_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_store(path).close()
    before = lock_file.stat()
    # On a full disk a file keeps the room that it has, until it is made shorter.
    monkeypatch.setattr(os, "ftruncate", None)
    open_store(path).close()

    assert lock_file.stat().st_size == before.st_size == LENGTH


def test_the_lock_has_room_for_the_longest_numbers_of_files() -> None:
    assert len(json.dumps([[2**64 - 1, 2**64 - 1]] * 3)) < LENGTH
