"""
How a command runs over the store, and how it fails.

A failure is one line on standard error, and an exit code that means something.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import typer

from application.channels.try_channel import SampleNotKept
from domain.allowlist import InvalidDomain
from domain.api_key import InvalidLabel
from domain.errors import (
    BackupUnusable,
    InvalidSetting,
    LastAdmin,
    NameTaken,
    NotFound,
    StorageUnavailable,
    StoreInUse,
    StoreUnusable,
)
from domain.project import InvalidProject
from domain.refusals import UnknownChannel
from domain.users.user import InvalidUser
from entrypoints.cli.messages import advised, message_of
from entrypoints.cli.output import plain
from entrypoints.exports.export_format import FileNotMade
from entrypoints.process.configuration_error import ConfigurationError
from entrypoints.process.lifecycle import opened_store

if TYPE_CHECKING:  # slow to import, and --help needs it not
    from entrypoints.container import Container

T = TypeVar("T")

NewContainer: TypeAlias = Callable[[], "Container"]
"""Makes a container for the settings in force; raises `ConfigurationError` where they are wrong."""

EXIT_OF: Mapping[type[Exception], int] = {
    InvalidProject: 2,
    InvalidDomain: 2,
    InvalidLabel: 2,
    InvalidSetting: 2,
    InvalidUser: 2,
    LastAdmin: 2,
    NotFound: 3,
    UnknownChannel: 3,
    NameTaken: 4,
    ConfigurationError: 5,
    StoreUnusable: 5,
    BackupUnusable: 5,
    FileNotMade: 5,
    StorageUnavailable: 6,
    StoreInUse: 6,
    SampleNotKept: 7,
}
"""The exit codes; `EXIT_CODES_HELP` says what each means."""

EXIT_CODES_HELP = (
    "Exit codes: 0 done; 1 a defect of ours; 2 a wrong option or value; 3 no such project, key,"
    " lead, channel, held item or user; 4 the name is taken; 5 a setting, the store or a backup"
    " must be mended; 6 the store is busy or in use, try again; 7 a test delivery did not come"
    " through."
)

STORE_UNAVAILABLE = "The lead store is not available."


@contextmanager
def reported() -> Iterator[None]:
    """Turn a known failure into its line and its exit code; anything else is a defect."""
    try:
        yield
    except tuple(EXIT_OF) as error:
        sys.stderr.write(f"swiftcrm: {plain(_line_of(error))}\n")
        raise typer.Exit(EXIT_OF[type(error)]) from None


def _line_of(error: Exception) -> str:
    if not isinstance(error, StorageUnavailable):
        return message_of(error)
    if not error.advice:
        return f"{error.message} ({error})"
    # Whoever only tries again meets the same failure: the advice says what to do first.
    return f"{STORE_UNAVAILABLE} ({error}) {advised(error.advice)}"


def run(
    new_container: NewContainer,
    use: Callable[["Container"], Awaitable[T]],
    *,
    create_store: bool = False,
) -> T:
    """What *use* makes of a new container over its open store; a known failure is reported."""

    async def work() -> T:
        container = new_container()
        async with opened_store(container, create=create_store):
            return await use(container)

    with reported():
        return asyncio.run(work())
