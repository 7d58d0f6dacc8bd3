"""
What adapters may raise besides a refusal.

    PortError
    ├── StorageUnavailable   the store did not answer in time; trying again may help
    ├── StoreUnusable        the store is missing, foreign, or newer than this program
    ├── StoreInUse           somebody has the store open, and must not
    ├── BackupUnusable       a backup cannot be written, or cannot be put back
    ├── NameTaken            a unique name is in use
    ├── NotFound             there is no such project, key, lead or held call
    └── InvalidSetting       a setting of a channel cannot be this
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from domain.refusals import Refusal


class PortError(Exception):
    """An outside system said no, in the application's own words."""

    code: ClassVar[str]
    project_id: str | None = None  # whose call it was, where that is known


class StorageUnavailable(PortError):
    """The store did not do it in time; whether it did is not known, unless said otherwise."""

    code = "STORAGE_UNAVAILABLE"
    message = "The lead store is not available. Please try again."
    retry_after_seconds = 5

    def __init__(self, cause: str = "") -> None:
        super().__init__(cause or self.message)


class StoreUnusable(PortError):
    """The store is not there, is somebody else's, or was written by a newer program."""

    code = "STORE_UNUSABLE"


class StoreInUse(PortError):
    """Somebody has the store open, and what was asked for needs it closed."""

    code = "STORE_IN_USE"


class BackupUnusable(PortError):
    """The file of a backup cannot be written, or is none that can be put back."""

    code = "BACKUP_UNUSABLE"


class NameTaken(PortError):
    """Another one has this name."""

    code = "NAME_TAKEN"


class NotFound(PortError):
    """There is no such project, key, lead or held call."""

    code = "NOT_FOUND"


class InvalidSetting(PortError):
    """A setting of a channel does not exist or cannot have this value."""

    code = "INVALID_SETTING"


@contextmanager
def attribute_to(project_id: str) -> Iterator[None]:
    """Note on every refusal inside, and on every failure of the store's, whose call it was."""
    try:
        yield
    except (Refusal, PortError) as failure:
        failure.project_id = project_id
        raise
