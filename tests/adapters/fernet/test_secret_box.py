import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from adapters.fernet import FernetSecretBox
from domain.errors import Advice, AdviceCode, StoreUnusable
from tests.contracts.secret_box import SECRET, SecretBoxContract

PROCESSES = 8


def a_fernet_key() -> str:
    return Fernet.generate_key().decode("ascii")


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    return tmp_path / "swiftcrm.key"


class TestFernetSecretBoxWithKeys(SecretBoxContract):
    @pytest.fixture
    def key(self) -> str:
        return a_fernet_key()

    @pytest.fixture
    def box(self, key: str) -> FernetSecretBox:
        return FernetSecretBox((key,), None)

    @pytest.fixture
    def same_box(self, key: str) -> FernetSecretBox:
        return FernetSecretBox((key,), None)

    @pytest.fixture
    def other_box(self) -> FernetSecretBox:
        return FernetSecretBox((a_fernet_key(),), None)

    def test_keys_are_rotated_without_locking_anything_anew(self) -> None:
        old, new = a_fernet_key(), a_fernet_key()
        before = FernetSecretBox((old,), None)
        during = FernetSecretBox((new, old), None)
        after = FernetSecretBox((new,), None)

        locked_before, locked_during = before.lock(SECRET), during.lock(SECRET)

        assert during.unlock(locked_before) == SECRET
        assert after.unlock(locked_during) == SECRET
        with pytest.raises(StoreUnusable) as caught:
            after.unlock(locked_before)
        assert caught.value.advice == (Advice(AdviceCode.ADD_OLD_SECRET_KEY),)

    def test_given_keys_make_no_key_file(self, box: FernetSecretBox, key_file: Path) -> None:
        FernetSecretBox((a_fernet_key(),), key_file).lock(SECRET)

        assert not key_file.exists()


class TestFernetSecretBoxWithAKeyFile(SecretBoxContract):
    @pytest.fixture
    def box(self, key_file: Path) -> FernetSecretBox:
        return FernetSecretBox((), key_file)

    @pytest.fixture
    def same_box(self, key_file: Path) -> FernetSecretBox:
        return FernetSecretBox((), key_file)

    @pytest.fixture
    def other_box(self, tmp_path: Path) -> FernetSecretBox:
        box = FernetSecretBox((), tmp_path / "other.key")
        box.lock(SECRET)
        return box

    def test_the_key_is_made_when_the_first_secret_is_locked(
        self, box: FernetSecretBox, key_file: Path
    ) -> None:
        before = key_file.exists()
        box.lock(SECRET)
        made = key_file.read_bytes()
        box.lock(SECRET)

        assert not before
        assert key_file.read_bytes() == made
        assert list(key_file.parent.iterdir()) == [key_file]

    def test_only_the_owner_may_read_the_key(self, box: FernetSecretBox, key_file: Path) -> None:
        box.lock(SECRET)

        assert key_file.stat().st_mode & 0o777 == 0o600

    def test_unlocking_makes_no_key(self, box: FernetSecretBox, key_file: Path) -> None:
        with pytest.raises(StoreUnusable) as caught:
            box.unlock("gAAAAA")

        assert caught.value.advice == (Advice(AdviceCode.PUT_KEY_FILE_BACK, {"file": key_file}),)
        assert not key_file.exists()

    @pytest.mark.parametrize("damaged", [b"", b"\n", b"half a key", b"\xff" * 44, b"A" * 43])
    def test_a_damaged_key_file_is_said_to_be_unusable(
        self, box: FernetSecretBox, key_file: Path, damaged: bytes
    ) -> None:
        locked = box.lock(SECRET)
        key_file.write_bytes(damaged)

        with pytest.raises(StoreUnusable):
            box.unlock(locked)
        with pytest.raises(StoreUnusable):
            box.lock(SECRET)

        assert key_file.read_bytes() == damaged

    def test_a_folder_that_does_not_exist_is_said_to_be_unusable(self, tmp_path: Path) -> None:
        box = FernetSecretBox((), tmp_path / "nowhere" / "swiftcrm.key")

        with pytest.raises(StoreUnusable):
            box.lock(SECRET)

    @pytest.mark.parametrize("attempt", range(10))
    def test_whoever_makes_the_key_at_the_same_time_has_the_same_one(
        self, key_file: Path, attempt: int
    ) -> None:
        together = threading.Barrier(PROCESSES)

        def lock(number: int) -> str:
            together.wait()
            return FernetSecretBox((), key_file).lock(f"{SECRET} {number}")

        with ThreadPoolExecutor(PROCESSES) as pool:
            locked = list(pool.map(lock, range(PROCESSES)))

        box = FernetSecretBox((), key_file)
        assert [box.unlock(one) for one in locked] == [f"{SECRET} {n}" for n in range(PROCESSES)]
        assert list(key_file.parent.iterdir()) == [key_file]


def test_without_a_key_and_a_file_nothing_can_be_locked_or_unlocked() -> None:
    box = FernetSecretBox((), None)

    for use in (box.lock, box.unlock):
        with pytest.raises(StoreUnusable) as caught:
            use(SECRET)
        assert caught.value.advice == (Advice(AdviceCode.SET_SECRET_KEY),)
