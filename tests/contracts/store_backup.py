"""
What every `StoreBackup` does.

Subclass and provide `backup`, over a store that has one project, and `projects_in_place`,
which says how many the store has now.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from application.ports.store_backup import StoreBackup
from domain.backup import StoreContent
from domain.errors import BackupUnusable, NameTaken

AddProject = Callable[[], None]
CountProjects = Callable[[], int]


def quiet(_: float) -> None:
    """Nobody looks."""


def fine(_: StoreContent) -> None:
    """Whatever it has will do."""


class RefusedError(Exception):
    """What a check may raise."""


class StoreBackupContract:
    def test_a_copy_has_what_the_store_has(self, backup: StoreBackup, file: Path) -> None:
        saved = backup.save(file, quiet)

        assert saved.file == file
        assert saved.content.projects == 1
        assert saved.content.size_bytes == file.stat().st_size

    def test_only_the_owner_may_read_a_copy(self, backup: StoreBackup, file: Path) -> None:
        backup.save(file, quiet)

        modes = {one.stat().st_mode & 0o777 for one in file.parent.iterdir()}
        assert modes == {0o600}

    def test_an_existing_file_is_never_overwritten(self, backup: StoreBackup, file: Path) -> None:
        file.write_bytes(b"precious")

        with pytest.raises(NameTaken):
            backup.save(file, quiet)

        assert [one.read_bytes() for one in file.parent.iterdir()] == [b"precious"]

    def test_who_is_interrupted_leaves_nothing(self, backup: StoreBackup, file: Path) -> None:
        def interrupt(_: float) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            backup.save(file, interrupt)

        assert list(file.parent.iterdir()) == []

    def test_a_copy_that_is_put_back_is_the_store(
        self,
        backup: StoreBackup,
        file: Path,
        add_project: AddProject,
        projects_in_place: CountProjects,
    ) -> None:
        backup.save(file, quiet)
        add_project()
        done = backup.put_back(file, fine, replace=True)

        assert projects_in_place() == done.content.projects == 1
        assert file.exists()

    def test_a_store_is_not_replaced_unless_that_was_said(
        self,
        backup: StoreBackup,
        file: Path,
        add_project: AddProject,
        projects_in_place: CountProjects,
    ) -> None:
        backup.save(file, quiet)
        add_project()

        with pytest.raises(NameTaken, match="2 projects"):
            backup.put_back(file, fine, replace=False)

        assert projects_in_place() == 2

    def test_a_check_that_fails_changes_nothing(
        self,
        backup: StoreBackup,
        file: Path,
        add_project: AddProject,
        projects_in_place: CountProjects,
    ) -> None:
        backup.save(file, quiet)
        add_project()

        def refuse(_: StoreContent) -> None:
            raise RefusedError

        with pytest.raises(RefusedError):
            backup.put_back(file, refuse, replace=True)

        assert projects_in_place() == 2

    def test_what_is_no_copy_is_not_put_back(
        self, backup: StoreBackup, file: Path, projects_in_place: CountProjects
    ) -> None:
        file.write_bytes(b"no store, and long enough to be read as one. " * 100)

        for one in (file, file.with_name("missing")):
            with pytest.raises(BackupUnusable):
                backup.put_back(one, fine, replace=True)

        assert projects_in_place() == 1
