"""The help of `swiftcrm channel set`, with the settings of the channels that are switched on."""

from collections.abc import Mapping
from typing import Any

from typer.core import TyperCommand

from application.ports.lead_channel import LeadChannel
from domain.channel import ChannelSetting
from entrypoints.cli.failures import NewContainer
from entrypoints.cli.messages import NO_CHANNEL_ON, SETTINGS_UNKNOWN, message_of
from entrypoints.cli.output import plain
from entrypoints.process.configuration_error import ConfigurationError

ENCRYPTED = "[secret: stored encrypted]"
GENERATED = "[generated if you set none]"
SEVERAL = "[up to {most}, with commas between]"
ROTATION = "[up to {most} during a rotation, the newest first]"


def with_settings(new_container: NewContainer) -> type[TyperCommand]:
    """A command that loads the channels when somebody asks for its help, and not before."""

    class WithSettings(TyperCommand):
        def format_options(self, ctx: Any, formatter: Any) -> None:
            super().format_options(ctx, formatter)
            try:
                channels = new_container().channels()
            except ConfigurationError as error:
                formatter.write_paragraph()
                formatter.write_text(SETTINGS_UNKNOWN.format(cause=plain(message_of(error))))
            else:
                _write(channels, formatter)

    return WithSettings


def _write(channels: Mapping[str, LeadChannel], formatter: Any) -> None:
    if not channels:
        formatter.write_paragraph()
        formatter.write_text(NO_CHANNEL_ON)
    for name, channel in channels.items():
        with formatter.section(f"Settings of {name}"):
            rows = [(setting.name, _said_of(setting)) for setting in channel.settings]
            formatter.write_dl(rows or [("none", "")])


def _said_of(setting: ChannelSetting) -> str:
    facts = [ENCRYPTED] * setting.secret + [GENERATED] * setting.generated
    if setting.at_most > 1:
        facts.append((ROTATION if setting.secret else SEVERAL).format(most=setting.at_most))
    return plain("  ".join([setting.help, *facts]))
