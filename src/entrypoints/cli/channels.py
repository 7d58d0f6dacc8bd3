"""`swiftcrm channel …`."""

import sys
from typing import Annotated, Any

import typer

from application.ports.errors import NotFound
from application.show_channel import ChannelView
from entrypoints.cli.options import ProjectName
from entrypoints.cli.output import AsJson, print_facts, print_json, warn
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

        async def use(services: Services) -> ChannelView:
            found = await services.find_project()(project)
            _check(services, channel)
            await services.channel_settings().change(found.project_id, channel, values)
            return await services.show_channel()(found.project_id, channel)

        _print(program, run(program, use), as_json=as_json)

    @commands.command("show")
    def show(project: ProjectName, channel: ChannelName, as_json: AsJson = False) -> None:
        """
        The webhook URL to give to the sender, and what is set.

        \b
        swiftcrm channel show "Acme Ltd" whatsapp
        """

        async def use(services: Services) -> ChannelView:
            found = await services.find_project()(project)
            _check(services, channel)
            return await services.show_channel()(found.project_id, channel)

        _print(program, run(program, use), as_json=as_json)

    return commands


def _check(services: Services, channel: str) -> None:
    known = services.channels()
    if channel not in known:
        raise NotFound(
            f"There is no channel {channel!r}; SWIFTCRM_CHANNELS switches on:"
            f" {', '.join(known) or 'none'}."
        )


def channel_json(view: ChannelView) -> dict[str, Any]:
    """A channel as every command prints it; of a secret only whether it is set."""
    shown: dict[str, Any] = {"webhook_url": view.webhook_url}
    for setting, values in view.settings.items():
        if setting.secret:
            shown[f"{setting.name}_set"] = bool(values)
        elif setting.at_most == 1:
            shown[setting.name] = values[0] if values else None
        else:
            shown[setting.name] = list(values)
    return shown | {"key_id": view.key_id}


def _print(program: Program, view: ChannelView, *, as_json: bool) -> None:
    shown = channel_json(view)
    print_json(shown) if as_json else print_facts(shown)
    for setting, values in view.settings.items():
        if setting.warning_when_unset and not values:
            warn(setting.warning_when_unset)
    if program.settings().public_url_is_loopback:
        warn(
            "The webhook URL is a loopback address: nobody outside can reach it."
            " Set SWIFTCRM_PUBLIC_URL to the address that the sender can reach."
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
