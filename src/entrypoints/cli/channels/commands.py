"""`swiftcrm channel …`."""

import sys
from collections.abc import Mapping, Sequence
from getpass import getpass
from typing import TYPE_CHECKING, Annotated

import typer

from application.channels.inspect_channel import ChannelReport
from application.channels.try_channel import SampleNotKept, Trial
from domain.errors import NotFound
from domain.names import did_you_mean, folded
from entrypoints.cli.channels.help import with_settings
from entrypoints.cli.channels.hops import HOPS
from entrypoints.cli.channels.report import print_report, print_trial
from entrypoints.cli.failures import NewContainer, reported, run
from entrypoints.cli.messages import NO_SUCH_CHANNEL
from entrypoints.cli.options import ProjectName
from entrypoints.cli.output import AsJson

if TYPE_CHECKING:
    from entrypoints.container import Container

ChannelName = Annotated[str, typer.Argument(metavar="CHANNEL", help="Its name, e.g. whatsapp.")]
FROM_STANDARD_INPUT = "-"


def channel_commands(new_container: NewContainer) -> typer.Typer:
    """Connect channels such as WhatsApp."""
    commands = typer.Typer(help="Connect channels such as WhatsApp.", no_args_is_help=True)

    @commands.command("set", cls=with_settings(new_container))
    def set_values(
        project: ProjectName,
        channel: ChannelName,
        settings: Annotated[
            list[str],
            typer.Argument(
                metavar="NAME=VALUE",
                help="Commas separate several values; NAME= removes the setting; NAME=- reads the"
                " value from standard input, so that it is not in the shell's history: at a"
                " terminal it asks for it, and does not show what you type.",
            ),
        ],
        as_json: AsJson = False,
    ) -> None:
        """
        Change the settings of a channel. Every process knows of it within two seconds.

        \b
        swiftcrm channel set "Acme Ltd" whatsapp app_secret=-
        swiftcrm channel set "Acme Ltd" whatsapp phone_number_ids=106540352242922
        """
        given = _given(settings)
        if FROM_STANDARD_INPUT in given.values():  # nobody shall type a secret in vain
            run(new_container, lambda container: _find(container, project, channel))
        values = {name: _values(name, text) for name, text in given.items()}

        async def use(container: "Container") -> ChannelReport:
            found = await _find(container, project, channel)
            await container.channel_settings().change(*found, values)
            return await container.inspect_channel()(*found)

        print_report(run(new_container, use), as_json=as_json)

    @commands.command("show")
    def show(project: ProjectName, channel: ChannelName, as_json: AsJson = False) -> None:
        """
        Show webhook URL and settings, and when something last came in.

        Give the webhook URL to the sender. It is made when you run this for the first time.

        \b
        swiftcrm channel show "Acme Ltd" whatsapp
        """

        async def use(container: "Container") -> ChannelReport:
            return await container.inspect_channel()(*await _find(container, project, channel))

        print_report(run(new_container, use), as_json=as_json)

    @commands.command("test")
    def test(project: ProjectName, channel: ChannelName, as_json: AsJson = False) -> None:
        """
        Send a sample, and say at which step it fails and what to mend.

        It goes through SWIFTCRM_PUBLIC_URL, as the sender's own deliveries do, and is
        kept as a lead that does not count.

        \b
        swiftcrm channel test "Acme Ltd" whatsapp
        """

        async def use(container: "Container") -> Trial:
            return await container.try_channel()(*await _find(container, project, channel))

        trial = run(new_container, use)
        print_trial(trial, as_json=as_json)
        if (failed := trial.failed) is not None:
            advice = HOPS[failed.advice] if failed.advice else ""
            with reported():
                raise SampleNotKept(f"{failed.hop}: {failed.found}. {advice}")

    return commands


async def _find(container: "Container", project: str, channel: str) -> tuple[str, str]:
    """The id of the project and the name of the channel, where there are both."""
    found = await container.find_project()(project)
    known = container.channels()
    for name in known:
        if folded(name) == folded(channel):
            return found.project_id, name
    raise NotFound(
        NO_SUCH_CHANNEL.format(
            channel=channel,
            meant=did_you_mean(channel, known),
            known=", ".join(known) or "none",
        )
    )


def _given(settings: Sequence[str]) -> Mapping[str, str]:
    given: dict[str, str] = {}
    for text in settings:
        name, separator, value = text.partition("=")
        name = folded(name)
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
