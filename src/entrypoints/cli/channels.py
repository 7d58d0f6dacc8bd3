"""`swiftcrm channel …`."""

import sys
from collections.abc import Mapping, Sequence
from getpass import getpass
from typing import Annotated

import typer

from application.channels.inspect_channel import ChannelReport
from application.channels.try_channel import SampleNotKept, Trial
from application.ports.errors import NotFound
from entrypoints.cli.channel_output import print_report, print_trial
from entrypoints.cli.failures import reported
from entrypoints.cli.options import ProjectName
from entrypoints.cli.output import AsJson
from entrypoints.cli.program import Program, Services, run

ChannelName = Annotated[str, typer.Argument(metavar="CHANNEL", help="E.g. whatsapp.")]
FROM_STANDARD_INPUT = "-"


def channel_commands(program: Program) -> typer.Typer:
    """Connect channels such as WhatsApp."""
    commands = typer.Typer(help="Connect channels such as WhatsApp.", no_args_is_help=True)

    @commands.command("set")
    def set_values(
        project: ProjectName,
        channel: ChannelName,
        settings: Annotated[
            list[str],
            typer.Argument(
                metavar="NAME=VALUE...",
                help="Several values are comma-separated; NAME= removes;"
                " NAME=- reads the value from standard input, away from the shell's history;"
                " at a terminal it asks, and does not show what is typed.",
            ),
        ],
        as_json: AsJson = False,
    ) -> None:
        """
        Change a channel's settings; in force in every process within two seconds.

        \b
        swiftcrm channel set "Acme Ltd" whatsapp app_secret=- phone_number_ids=106540352242922
        """
        given = _given(settings)
        if FROM_STANDARD_INPUT in given.values():  # nobody shall type a secret in vain
            run(program, lambda services: _find(services, project, channel))
        values = {name: _values(name, text) for name, text in given.items()}

        async def use(services: Services) -> ChannelReport:
            project_id = await _find(services, project, channel)
            await services.channel_settings().change(project_id, channel, values)
            return await services.inspect_channel()(project_id, channel)

        print_report(run(program, use), as_json=as_json)

    @commands.command("show")
    def show(project: ProjectName, channel: ChannelName, as_json: AsJson = False) -> None:
        """
        The webhook URL to give to the sender, what is set, and when something last came.

        \b
        swiftcrm channel show "Acme Ltd" whatsapp
        """

        async def use(services: Services) -> ChannelReport:
            project_id = await _find(services, project, channel)
            return await services.inspect_channel()(project_id, channel)

        print_report(run(program, use), as_json=as_json)

    @commands.command("test")
    def test(project: ProjectName, channel: ChannelName, as_json: AsJson = False) -> None:
        """
        Send a sample through SWIFTCRM_PUBLIC_URL, and say which hop fails and what to mend.

        The sample is kept like a delivery of the sender's, as a lead that does not count.

        \b
        swiftcrm channel test "Acme Ltd" whatsapp
        """

        async def use(services: Services) -> Trial:
            project_id = await _find(services, project, channel)
            return await services.try_channel()(project_id, channel)

        trial = run(program, use)
        print_trial(trial, as_json=as_json)
        if trial.failed is not None:
            with reported():
                raise SampleNotKept(
                    f"{trial.failed.hop}: {trial.failed.found}. {trial.failed.advice}"
                )

    return commands


async def _find(services: Services, project: str, channel: str) -> str:
    """The id of the project, once it is known that there are both."""
    found = await services.find_project()(project)
    known = services.channels()
    if channel not in known:
        raise NotFound(
            f"There is no channel {channel!r}; SWIFTCRM_CHANNELS switches on:"
            f" {', '.join(known) or 'none'}. It is a built-in name there, or"
            " package.module:factory, for the commands as for the server."
        )
    return found.project_id


def _given(settings: Sequence[str]) -> Mapping[str, str]:
    given: dict[str, str] = {}
    for text in settings:
        name, separator, value = text.partition("=")
        if not separator or not name:
            raise typer.BadParameter(f"{name!r} is not NAME=VALUE", param_hint="NAME=VALUE")
        if name in given:
            raise typer.BadParameter(f"{name} is given twice", param_hint="NAME=VALUE")
        given[name] = value
    return given


def _values(name: str, text: str) -> Sequence[str]:
    if text == FROM_STANDARD_INPUT:
        text = _read(name)
        if not text:
            raise typer.BadParameter(
                f"standard input has no value for {name}; {name}= removes it",
                param_hint="NAME=VALUE",
            )
    return [part.strip() for part in text.split(",") if part.strip()]


def _read(name: str) -> str:
    """A line from standard input; a person at a terminal is asked, and sees nothing of it."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    try:
        return getpass(f"{name} (not shown): ", stream=sys.stderr).strip()
    except EOFError:
        return ""
