"""The program `swiftcrm`: the command line over the container."""

from __future__ import annotations

import os
import sys
from contextlib import asynccontextmanager
from io import TextIOWrapper
from typing import TYPE_CHECKING

from entrypoints.process.settings import Settings, load_settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from entrypoints.cli.program import ClosedServices, Services


class ContainerProgram:
    """Builds the container when a command needs it: Sanic alone takes half a second to import."""

    def settings(self) -> Settings:
        """The settings of this process."""
        return load_settings()

    @asynccontextmanager
    async def services(self, *, create: bool) -> AsyncIterator[Services]:
        """The container over an open store."""
        from entrypoints.container import Container  # noqa: PLC0415  slow, and --help needs it not
        from entrypoints.process.lifecycle import opened_store  # noqa: PLC0415  slow, and --help needs it not

        container = Container(settings=load_settings())
        container.channels()
        async with opened_store(container, create=create):
            yield container

    def closed_services(self) -> ClosedServices:
        """The container, whose store nobody opens."""
        from entrypoints.container import Container  # noqa: PLC0415  slow, and --help needs it not

        return Container(settings=load_settings())

    def serve(self, host: str, port: int, on_ready: Callable[[str], None]) -> None:
        """Serve with Sanic in this process."""
        from entrypoints.process.serving import serve  # noqa: PLC0415  slow, and --help needs it not

        serve(load_settings(), host, port, on_ready)


def main() -> None:
    """Run one command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        from entrypoints.cli.app import build_cli  # noqa: PLC0415  slow, and --help needs it not

        build_cli(ContainerProgram())()
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
