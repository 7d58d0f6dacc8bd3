"""All commands together."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from entrypoints.cli.backup import add_backup_commands
from entrypoints.cli.channels.commands import channel_commands
from entrypoints.cli.failures import EXIT_CODES_HELP, NewContainer
from entrypoints.cli.held import held_commands
from entrypoints.cli.keys import key_commands
from entrypoints.cli.leads.commands import lead_commands
from entrypoints.cli.projects import project_commands
from entrypoints.cli.serve import add_serve_command
from entrypoints.cli.users.commands import user_commands

DISTRIBUTION = "swiftcrm-lead-api"


_WHOLE = 1000
"""More characters than any summary of a command has."""


class _Group(TyperGroup):
    """Commands whose summaries are wrapped on a narrow terminal, where Typer would cut them."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """A name and a summary for each command."""
        names = self.list_commands(ctx)
        rows = [(name, self.commands[name].get_short_help_str(_WHOLE)) for name in names]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


class _Commands(_Group):
    """All commands; that whoever reads has seen enough, as `head` has, is no failure of theirs."""

    def make_context(self, *args: Any, **extra: Any) -> Any:
        """Read the arguments, and print the help that they ask for."""
        with _reader_may_go():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: Any) -> Any:
        """Run the command; Typer itself would end with 1 where the reader is gone."""
        with _reader_may_go():
            return super().invoke(ctx)


@contextmanager
def _reader_may_go() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise typer.Exit from None


def build_cli(new_container: NewContainer) -> typer.Typer:
    """The command `swiftcrm`; a command asks for its container when it runs, `--help` for none."""
    cli = typer.Typer(
        name="swiftcrm",
        cls=_Commands,
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        epilog=EXIT_CODES_HELP,
    )

    @cli.callback()
    def main(
        show_version: Annotated[
            bool,
            typer.Option(
                "--version", is_eager=True, callback=_show_version, help="Print the version."
            ),
        ] = False,
    ) -> None:
        """
        A front door for sales leads: every person who raises a hand becomes one lead.

        Settings are environment variables or a .env file; .env.example lists them.
        Every command but restore works while the server runs; the server knows of a
        change within two seconds.

        \b
        swiftcrm project create "Acme Ltd"
        swiftcrm serve
        swiftcrm lead list "Acme Ltd"
        """

    add_serve_command(cli, new_container)
    cli.add_typer(project_commands(new_container), name="project", cls=_Group)
    cli.add_typer(key_commands(new_container), name="key", cls=_Group)
    cli.add_typer(channel_commands(new_container), name="channel", cls=_Group)
    cli.add_typer(lead_commands(new_container), name="lead", cls=_Group)
    cli.add_typer(held_commands(new_container), name="held", cls=_Group)
    cli.add_typer(user_commands(new_container), name="user", cls=_Group)
    add_backup_commands(cli, new_container)
    return cli


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"swiftcrm {version(DISTRIBUTION)}")
        raise typer.Exit
