"""A channel and what came through it, for somebody who connects it or misses a lead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from application.channels.channel_settings import ChannelSettings
from application.channels.show_channel import ChannelView, ShowChannel
from application.ports.channel_log import ChannelLog
from application.ports.held_archive import HeldArchive
from application.ports.lead_channel import LeadChannel
from application.ports.project_register import ProjectRegister
from domain.channel import ChannelEvent
from domain.held import NUMBER_NOT_LISTED
from domain.project import Project
from domain.refusals import ChallengeNotOffered

_ARRIVED = frozenset({ChannelEvent.ITEM, ChannelEvent.BAD_SIGNATURE})
"""These show that the sender's own settings are right: it sends us what people write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelReport:
    """
    A channel as one project has it, and what came through it.

    Attributes:
        last: The last moment of each event that ever happened, aware UTC.
        unlisted_numbers: How many items are held for each number that no project lists; None
            for a channel that has no numbers to list.
        listed_by_others: The numbers of this project that each other one lists, too.
        asks_challenge: Whether its sender asks for the address before it sends.
        checklist: What to look at on the sender's side. Empty unless something should have arrived
            by now, and only test data or things that are ignored have.
    """

    view: ChannelView
    last: Mapping[ChannelEvent, datetime]
    unlisted_numbers: Mapping[str, int] | None
    listed_by_others: Mapping[Project, Sequence[str]]
    asks_challenge: bool
    checklist: Sequence[str]

    @property
    def brings_nothing(self) -> bool:
        """Whether deliveries come, but everything in them was ignored or test data."""
        return ChannelEvent.DELIVERY in self.last and ChannelEvent.ITEM not in self.last

    @property
    def is_signed_wrongly(self) -> bool:
        """Whether the last delivery had a wrong signature."""
        bad, good = (self.last.get(e) for e in (ChannelEvent.BAD_SIGNATURE, ChannelEvent.DELIVERY))
        return bad is not None and (good is None or bad > good)


class InspectChannel:
    """Show a channel, when something last came, and what to look at when nothing does."""

    def __init__(
        self,
        show: ShowChannel,
        settings: ChannelSettings,
        log: ChannelLog,
        held: HeldArchive,
        projects: ProjectRegister,
    ) -> None:
        self._show = show
        self._settings = settings
        self._log = log
        self._held = held
        self._projects = projects

    async def __call__(self, project_id: str, channel: str) -> ChannelReport:
        """
        The channel as it is now.

        Raises:
            UnknownChannel: No channel of this name is switched on.
        """
        view = await self._show(project_id, channel)
        last = await self._log.last(project_id, channel)
        inspected = self._settings.channel(channel)
        asks = _asks_challenge(inspected)
        is_connected = not asks or ChannelEvent.CHALLENGE in last or _is_set_up(view)
        waits = is_connected and not _ARRIVED & last.keys()
        return ChannelReport(
            view=view,
            last=last,
            unlisted_numbers=await self._unlisted(view, project_id),
            asks_challenge=asks,
            listed_by_others=await self._listed_by_others(project_id, channel),
            checklist=inspected.checklist if waits else (),
        )

    async def _unlisted(self, view: ChannelView, project_id: str) -> Mapping[str, int] | None:
        if not any(setting.recipients for setting in view.settings):
            return None
        return await self._held.origins(project_id, view.channel, NUMBER_NOT_LISTED)

    async def _listed_by_others(
        self, project_id: str, channel: str
    ) -> Mapping[Project, Sequence[str]]:
        found = await self._settings.listed_by_others(project_id, channel)
        others = [(await self._projects.find(other), numbers) for other, numbers in found.items()]
        return {other: numbers for other, numbers in others if other is not None}


def _asks_challenge(channel: LeadChannel) -> bool:
    """Whether there is any challenge that *channel* would answer."""
    try:
        channel.answer_challenge({}, {})
    except ChallengeNotOffered:
        return False
    except Exception:  # noqa: BLE001  incomplete; or a defect, which verifying will show
        return True
    return True


def _is_set_up(view: ChannelView) -> bool:
    """Whether somebody has set a setting of the channel, and so expects something to come."""
    return any(values for setting, values in view.settings.items() if not setting.generated)
