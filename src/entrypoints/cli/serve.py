"""`swiftcrm serve`, and the first minute with it."""

import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from domain.api_key import digest_of, is_well_formed
from domain.errors import NameTaken
from domain.project import QUICKSTART
from entrypoints.cli.failures import NewContainer, reported, run
from entrypoints.cli.messages import (
    ANOTHER_PUBLIC_URL,
    CONSOLE,
    CONSOLE_LINK,
    LOCAL,
    NEW_STORE,
    STORE,
    cannot_listen,
)
from entrypoints.process.configuration_error import ConfigurationError
from entrypoints.process.console_address import console_address

if TYPE_CHECKING:
    from entrypoints.container import Container
    from entrypoints.process.settings import Settings

_FIRST_LEAD = '{"name":"Ada Lovelace","email":"ada@example.com"}'


def add_serve_command(cli: typer.Typer, new_container: NewContainer) -> None:
    """Add `swiftcrm serve` to *cli*."""

    @cli.command("serve")
    def serve(
        host: Annotated[
            str, typer.Option(metavar="H", help="Address to listen on; 0.0.0.0 for all.")
        ] = LOCAL,
        port: Annotated[
            int,
            typer.Option(
                min=0, max=65535, metavar="P", help="Port to listen on; 0 takes a free one."
            ),
        ] = 8000,
        quickstart: Annotated[
            bool,
            typer.Option(
                "--quickstart",
                help="To try it out: make a project called quickstart, keep its key beside the"
                " data, and print a link to the console and a curl line that works.",
            ),
        ] = False,
    ) -> None:
        """
        Serve until SIGTERM or Ctrl-C.

        It logs JSON lines on standard error. One process uses one core; run more of them
        for more load.

        \b
        swiftcrm serve --host 0.0.0.0 --port 8000
        """
        # Both are slow to import, and --help needs neither.
        from entrypoints.http.connection.server import CannotListen  # noqa: PLC0415  see above
        from entrypoints.process import serving  # noqa: PLC0415  see above

        with reported():
            trial = None
            if quickstart:
                trial = run(new_container, partial(_trial, host=host), create_store=True)
            container = new_container()
            welcome = partial(_welcome, container.settings(), trial)
            try:
                serving.serve(container, host, port, welcome)
            except CannotListen as error:
                by_make = quickstart and "MAKELEVEL" in os.environ  # as make tells who it runs
                raise ConfigurationError(cannot_listen(error, by_make=by_make)) from None


class Trial(NamedTuple):
    """
    What somebody tries the program out with.

    Attributes:
        link: Signs in to the console: its path and query; None where nobody may have one.
    """

    key: str
    is_new_store: bool
    link: str | None


async def _trial(container: "Container", host: str) -> Trial:
    key = await _quickstart_key(container)
    link = await container.quick_sign_in()(host) if container.settings().console else None
    return Trial(key, container.database().is_new, link)


def _welcome(settings: "Settings", trial: Trial | None, url: str) -> None:
    if trial is None:
        return
    where = NEW_STORE if trial.is_new_store else STORE
    sys.stdout.write(
        f"\nServing on {url} (Ctrl-C ends it)\n"
        f"{where.format(location=settings.store_location)}\n"
        f"API key of the project {QUICKSTART!r}: {trial.key}\n"
        f"{_advice_on_public_url(settings, url)}"
        f"{_console(settings, trial, url)}"
        "Capture a lead:\n\n"
        f"curl -i -X POST {url}/api/public/lead -H 'X-Api-Key: {trial.key}'"
        f" -H 'Content-Type: application/json' -d '{_FIRST_LEAD}'\n\n"
    )
    sys.stdout.flush()


def _advice_on_public_url(settings: "Settings", url: str) -> str:
    """Only where nobody has said it, and where it is plain: on this machine, at another port."""
    is_said = "public_url" in settings.model_fields_set
    is_plain = _is_local(url) and url != settings.public_url
    return ANOTHER_PUBLIC_URL.format(url=url) if is_plain and not is_said else ""


def _console(settings: "Settings", trial: Trial, url: str) -> str:
    """Where the console is; a link works on this machine alone, and leads to where it listens."""
    if not settings.console:
        return ""
    if trial.link is None:
        return CONSOLE.format(url=console_address(settings.public_url, url))
    return CONSOLE_LINK.format(link=f"{url}{trial.link}")


def _is_local(url: str) -> bool:
    return url.startswith(f"http://{LOCAL}:")


async def _quickstart_key(container: "Container") -> str:
    """The key kept beside the data while it works, else a new one."""
    file = container.settings().beside_the_store(QUICKSTART)
    kept = _read(file)
    if is_well_formed(kept):
        [known] = await container.keys().find_many([digest_of(kept)])
        if known is not None and known.opens(None):
            return kept
    try:
        made = await container.create_project()(QUICKSTART, key_label=QUICKSTART)
        secret = made.key.secret
    except NameTaken:
        project = await container.find_project()(QUICKSTART)
        secret = (await container.create_key()(project.project_id, label=QUICKSTART)).secret
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as opened:
        opened.write(f"{secret}\n")
    return secret


def _read(file: Path) -> str:
    try:
        return file.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
