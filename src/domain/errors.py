"""
What adapters may raise besides a refusal, and what they advise an operator to do.

    PortError
    ├── StorageUnavailable   the store did not confirm in time; trying again may help
    ├── StoreUnusable        somebody must mend something before the store can be used
    ├── StoreInUse           somebody has the store open, and must not
    ├── BackupUnusable       a backup cannot be written, or cannot be put back
    ├── NameTaken            a unique name is in use
    ├── NotFound             there is no such project, key, lead, held item or user
    ├── LastAdmin            no admin would be left
    └── InvalidSetting       a setting of a channel cannot be this
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum, auto
from typing import ClassVar

from domain.refusals import Refusal


class AdviceCode(StrEnum):
    """
    What an operator can do about a failure.

    Only a code: the command line says it as a command to type, a page may say it as a button.
    """

    # Any store
    MAKE_STORE = auto()
    RUN_NEWER_PROGRAM = auto()
    START_SERVICE = auto()
    LIST_PROJECTS = auto()
    LIST_KEYS = auto()
    LIST_HELD = auto()
    MAKE_ANOTHER_KEY = auto()
    LIST_USERS = auto()
    MAKE_ANOTHER_LINK = auto()
    MAKE_ANOTHER_ADMIN = auto()

    # The file of the embedded store, and what is beside it
    MAKE_ROOM = auto()
    END_ALL_PROCESSES = auto()
    MOVE_FILE_AWAY = auto()
    SHARE_WITH_GROUP = auto()
    RESTORE_SAVED_COPY = auto()
    FIND_LOST_STORE = auto()

    # A file of it that was lost while it is open
    START_AGAIN = auto()
    WAIT_FOR_LOG = auto()
    WAIT_FOR_COPY = auto()
    MOVE_BACK_OR_WAIT_FOR_COPY = auto()
    RESTORE_NEW_COPY = auto()
    LET_COPY_SUCCEED = auto()
    END_OTHER_PROGRAM = auto()

    # Backups
    BACK_UP_ELSEWHERE = auto()
    USE_BACKUP_COMMAND = auto()
    USE_MONGODB_TOOLS = auto()
    CLOSE_STORE = auto()
    REPLACE_STORE = auto()
    MOVE_STORE_YOURSELF = auto()
    MOVE_KEY_YOURSELF = auto()
    FIND_KEY_OF_BACKUP = auto()
    FINISH_RESTORE = auto()

    # Stored secrets
    SET_SECRET_KEY = auto()
    ADD_OLD_SECRET_KEY = auto()
    PUT_KEY_FILE_BACK = auto()
    SET_SECRET_AGAIN = auto()

    # Servers, and the proxy in front
    MEND_DATABASE_URL = auto()
    MEND_DATABASE_HOST = auto()
    MEND_DATABASE_LOGIN = auto()
    LEAVE_OPTION_OUT = auto()
    MEND_REDIS_URL = auto()
    TRUST_PROXY = auto()


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to do; *data* are the names, paths and numbers that its sentence needs."""

    code: AdviceCode
    data: Mapping[str, object] = field(default_factory=dict)


class PortError(Exception):
    """
    An outside system said no; the text says what is wrong, in the application's own words.

    Attributes:
        advice: What to do about it, likeliest first.
        project_id: Whose call it was, where that is known.
    """

    code: ClassVar[str]
    project_id: str | None = None

    def __init__(self, text: str, *advice: Advice) -> None:
        super().__init__(text)
        self.advice = advice


class StorageUnavailable(PortError):
    """The store did not confirm it in time; it may be done even so, unless the text says no."""

    code = "STORAGE_UNAVAILABLE"
    message = "The lead store is not available. Please try again."
    retry_after_seconds = 5

    def __init__(self, cause: str = "", *advice: Advice) -> None:
        super().__init__(cause or self.message, *advice)


class StoreUnusable(PortError):
    """
    The store cannot be used until somebody mends something; trying again does not help.

    It may be missing, lost, of another or a newer program, on a full disk, or set up wrongly; or a
    secret in it cannot be read.
    """

    code = "STORE_UNUSABLE"


class StoreInUse(PortError):
    """Somebody has the store open, and what was asked for needs it closed."""

    code = "STORE_IN_USE"


class BackupUnusable(PortError):
    """The file of a backup cannot be written, or it is not one that can be put back."""

    code = "BACKUP_UNUSABLE"


class NameTaken(PortError):
    """Another one has this name."""

    code = "NAME_TAKEN"


class NotFound(PortError):
    """There is no such project, key, lead, held item or user."""

    code = "NOT_FOUND"


class LastAdmin(PortError):
    """The user is the only admin, or the only one with a password, and one must be left."""

    code = "LAST_ADMIN"


class InvalidSetting(PortError):
    """A setting of a channel does not exist or cannot have this value."""

    code = "INVALID_SETTING"


class attribute_to:  # noqa: N801  a block, which reads as one
    """Note on every refusal inside, and on every failure of the store's, whose call it was."""

    __slots__ = ("_project_id",)

    def __init__(self, project_id: str) -> None:
        self._project_id = project_id

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, failure: BaseException | None, _where: object) -> None:
        if isinstance(failure, Refusal | PortError):
            failure.project_id = self._project_id
