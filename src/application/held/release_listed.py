"""What came for a number that no project listed becomes leads once a project lists the number."""

from collections.abc import Collection, Mapping

from application.channels.route_item import RouteItem
from application.held.hold import to_capture
from application.held.release import ReleaseCount, ReleaseHeld
from application.ports.held_archive import HeldArchive
from application.ports.lead_channel import LeadChannel
from domain.capture import Capture
from domain.held import NUMBER_NOT_LISTED, HeldCall, HeldQuery

ASKED_IN_A_ROUND = 100
"""So many numbers of one project: an app has a few, a hostile delivery brings any number."""


class ReleaseListed:
    """
    Release what a project holds for numbers that are listed now.

    An item goes to the project that lists its number: the one that holds the item, or one that
    has an app secret in common with that.

    Every process asks for itself, once a second, and settings are at most two seconds old. So a
    number that is listed is found within a few seconds, and two processes may release the same
    items at once: `ReleaseHeld` makes one lead of each. A hostile delivery can leave thousands of
    made-up numbers behind; a round asks for a hundred and the next goes on from there, so that
    the one number that is listed gets its turn.
    """

    def __init__(
        self,
        archive: HeldArchive,
        release: ReleaseHeld,
        route_item: RouteItem,
        channels: Mapping[str, LeadChannel],
    ) -> None:
        self._archive = archive
        self._release = release
        self._route_item = route_item
        self._channels = channels
        self._asked_up_to: dict[tuple[str, str], str] = {}

    async def __call__(self, project_id: str) -> ReleaseCount:
        """
        What was released of the project.

        Raises:
            StorageUnavailable, Overloaded: Some of it was released; the rest waits on.
        """
        owners: dict[tuple[str, str | None], str] = {}
        for channel in self._channels.values():
            if any(setting.recipients for setting in channel.settings):
                owners |= await self._owners(channel, project_id)
        if not owners:
            return ReleaseCount()

        async def prepare(call: HeldCall) -> Capture | None:
            owner = owners.get((call.channel, call.origin))
            return to_capture(call, owner) if owner else None

        return await self._release(
            HeldQuery(project_id=project_id, code=NUMBER_NOT_LISTED), prepare
        )

    def forget_all_but(self, project_ids: Collection[str]) -> None:
        """Remember nothing of other projects: these are all that hold something unlisted."""
        kept = set(project_ids)
        self._asked_up_to = {at: n for at, n in self._asked_up_to.items() if at[0] in kept}

    async def _owners(self, channel: LeadChannel, home: str) -> dict[tuple[str, str | None], str]:
        """By channel and number, the project that lists it, of what *home* holds something for."""
        found: dict[tuple[str, str | None], str] = {}
        for number in self._next(home, channel.name, await self._numbers(home, channel.name)):
            owner = await self._route_item.of_held(channel.name, home, number)
            if owner is not None:
                found[channel.name, number] = owner
        return found

    async def _numbers(self, home: str, channel: str) -> list[str]:
        return sorted(await self._archive.origins(home, channel, NUMBER_NOT_LISTED))

    def _next(self, home: str, channel: str, numbers: list[str]) -> list[str]:
        """Those of *numbers* that this round asks for: it goes on where the last one ended."""
        after = self._asked_up_to.get((home, channel), "")
        ahead = [number for number in numbers if number > after] or numbers
        asked = ahead[:ASKED_IN_A_ROUND]
        if asked:
            self._asked_up_to[home, channel] = "" if len(asked) == len(numbers) else asked[-1]
        return asked
