"""`swiftcrm channel …`."""

import sys
from typing import Annotated

import typer

from application.inspect_channel import ChannelReport
from application.ports.errors import NotFound
from application.try_channel import SampleNotKept, Trial
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
                " NAME=- reads the value from standard input, away from the shell's history.",
            ),
        ],
        as_json: AsJson = False,
    ) -> None:
        """
        Change a channel's settings; in force in every process within two seconds.

        \b
        swiftcrm channel set "Acme Ltd" whatsapp app_secret=- phone_number_ids=106540352242922
        """
        values: dict[str, list[str]] = {}
        for text in settings:
            name, chosen = _parse(text)
            if name in values:
                raise typer.BadParameter(f"{name} is given twice", param_hint="NAME=VALUE")
            values[name] = chosen

        async def use(services: Services) -> ChannelReport:
            found = await services.find_project()(project)
            _check(services, channel)
            await services.channel_settings().change(found.project_id, channel, values)
            return await services.inspect_channel()(found.project_id, channel)

        print_report(run(program, use), as_json=as_json)

    @commands.command("show")
    def show(project: ProjectName, channel: ChannelName, as_json: AsJson = False) -> None:
        """
        The webhook URL to give to the sender, what is set, and when something last came.

        \b
        swiftcrm channel show "Acme Ltd" whatsapp
        """

        async def use(services: Services) -> ChannelReport:
            found = await services.find_project()(project)
            _check(services, channel)
            return await services.inspect_channel()(found.project_id, channel)

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
            found = await services.find_project()(project)
            _check(services, channel)
            return await services.try_channel()(found.project_id, channel)

        trial = run(program, use)
        print_trial(trial, as_json=as_json)
        if trial.failed is not None:
            with reported():
                raise SampleNotKept(
                    f"{trial.failed.hop}: {trial.failed.found}. {trial.failed.advice}"
                )

    return commands


def _check(services: Services, channel: str) -> None:
    known = services.channels()
    if channel not in known:
        raise NotFound(
            f"There is no channel {channel!r}; SWIFTCRM_CHANNELS switches on:"
            f" {', '.join(known) or 'none'}. It is a built-in name there, or"
            " package.module:factory, for the commands as for the server."
        )


def _parse(text: str) -> tuple[str, list[str]]:
    name, separator, value = text.partition("=")
    if not separator or not name:
        raise typer.BadParameter(f"{name!r} is not NAME=VALUE", param_hint="NAME=VALUE")
    if value == FROM_STANDARD_INPUT:
        value = sys.stdin.readline().strip()
        if not value:
            raise typer.BadParameter(
                f"standard input has no value for {name}; {name}= removes it",
                param_hint="NAME=VALUE",
            )
    return name, [part.strip() for part in value.split(",") if part.strip()]
