"""A project with all that an operator asks about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from application.channels.show_channel import ChannelView, ShowChannel
from application.ports.clock import Clock
from application.ports.held_archive import HeldArchive
from application.ports.key_register import KeyRegister
from application.ports.lead_archive import LeadArchive
from application.projects.find import FindProject
from domain.api_key import ApiKey
from domain.held import CODES
from domain.plan import Month
from domain.project import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectView:
    """A project, the places taken in *month*, the calls that wait, its keys and its channels."""

    project: Project
    month: Month
    places_taken: int
    held: int
    keys: Sequence[ApiKey]
    channels: Sequence[ChannelView]


class ShowProject:
    """
    Show a project with its usage of this month; nothing is made.

    A channel that nobody has looked at stays without a key, and its webhook closed to who
    would send a secret in the body.
    """

    def __init__(
        self,
        find_project: FindProject,
        archive: LeadArchive,
        held: HeldArchive,
        keys: KeyRegister,
        show_channel: ShowChannel,
        channels: Iterable[str],
        clock: Clock,
    ) -> None:
        self._find_project = find_project
        self._archive = archive
        self._held = held
        self._keys = keys
        self._show_channel = show_channel
        self._channels = channels
        self._clock = clock

    async def __call__(self, id_or_name: str) -> ProjectView:
        """
        The project as it is now.

        Raises:
            NotFound: There is no such project.
        """
        project = await self._find_project(id_or_name)
        month = Month.of(self._clock.now())
        keys = await self._keys.of_project(project.project_id)
        return ProjectView(
            project=project,
            month=month,
            places_taken=await self._archive.places_taken(project.project_id, month),
            held=sum([(await self._held.room(project.project_id, code)).calls for code in CODES]),
            keys=[key for key in keys if key.channel is None],
            channels=[await self._channel(project.project_id, c, keys) for c in self._channels],
        )

    async def _channel(self, project_id: str, channel: str, keys: Sequence[ApiKey]) -> ChannelView:
        own = (key for key in keys if key.channel == channel and key.revoked_at is None)
        return await self._show_channel.as_it_is(project_id, channel, next(own, None))
