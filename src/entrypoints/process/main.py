"""The program `swiftcrm`: the command line over the container."""

import os
import sys
from io import TextIOWrapper
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from entrypoints.container import Container


def new_container() -> "Container":
    """
    A container for the settings of this process.

    Raises:
        ConfigurationError: They are wrong.
    """
    from entrypoints.container import Container  # noqa: PLC0415  slow, and --help needs it not
    from entrypoints.process.settings import load_settings  # noqa: PLC0415  the same

    return Container(settings=load_settings())


def main() -> None:
    """Run one command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        from entrypoints.cli.app import build_cli  # noqa: PLC0415  slow, and --help needs it not

        build_cli(new_container)()
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        _flush()


def _flush() -> None:
    """Write what is left here: at the very end of Python a reader that is gone is an error."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read has seen enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
