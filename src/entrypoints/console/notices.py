"""The one line below the bar: what is wrong wherever one looks, the worst alone."""

from collections.abc import Mapping
from dataclasses import dataclass

from application.channels.channel_settings import ChannelSettings
from application.channels.diagnosis import HopAdvice, advice_on
from application.ports.channel_log import ChannelLog
from application.ports.lead_channel import LeadChannel
from application.projects.overview import ProjectOverview
from domain.channel import ChannelSetting
from domain.project import Project
from entrypoints.console import words
from entrypoints.console.channels.fields import field_name, label


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence, and the page where one mends it; *path* is empty where none of ours does."""

    sentence: str
    remedy: str = ""
    path: str = ""


class Notices:
    """Finds what to say: a full month before a missing secret, and both before the address."""

    def __init__(
        self,
        channels: Mapping[str, LeadChannel],
        settings: ChannelSettings,
        log: ChannelLog,
        public_url: str,
    ) -> None:
        self._warned = {
            name: [one for one in channel.settings if one.secret and one.warning_when_unset]
            for name, channel in channels.items()
        }
        self._settings = settings
        self._log = log
        self._is_loopback = advice_on(public_url) is HopAdvice.LOOPBACK

    async def worst(self, overview: ProjectOverview | None, *, is_admin: bool) -> Notice | None:
        """
        What is worst on the pages of a project, or on those of none; None if all is well.

        Raises:
            StorageUnavailable: Ask again later.
        """
        if overview is not None:
            found = _full_month(overview, is_admin=is_admin)
            found = found or await self._missing_secret(overview.project)
            if found is not None:
                return found
        return Notice(words.ADDRESS_IS_LOOPBACK) if self._is_loopback else None

    async def _missing_secret(self, project: Project) -> Notice | None:
        for channel, warned in self._warned.items():
            stored = await self._settings.stored(project.project_id, channel) if warned else {}
            for setting in warned:
                if stored and setting.name not in stored and await self._is_used(project, channel):
                    return _without(setting, project, channel)
        return None

    async def _is_used(self, project: Project, channel: str) -> bool:
        """Whether anything was ever sent to it: before that, its own page says what to do."""
        return bool(await self._log.last(project.project_id, channel))


def _full_month(overview: ProjectOverview, *, is_admin: bool) -> Notice | None:
    if not overview.is_full:
        return None
    if not is_admin:
        return Notice(f"{words.MONTH_IS_FULL} {words.ADMIN_RAISES_LIMIT}")
    path = f"/projects/{overview.project.project_id}/settings#monthly_limit"
    return Notice(words.MONTH_IS_FULL, "Raise the monthly limit", path)


def _without(setting: ChannelSetting, project: Project, channel: str) -> Notice:
    return Notice(
        f"{words.channel_name(channel)}: {setting.warning_when_unset}",
        f"Set the {label(setting.name)}",
        f"/projects/{project.project_id}/settings/{channel}#of-{field_name(setting.name)}",
    )
