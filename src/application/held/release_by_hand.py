"""What an operator asks for is released."""

from dataclasses import replace

from application.channels.route_item import RouteItem
from application.held.hold import to_capture
from application.held.release import ReleaseCount, ReleaseHeld
from domain.capture import Capture
from domain.held import NUMBER_NOT_LISTED, HeldCall, HeldQuery
from domain.refusals import UnknownChannel


class ReleaseByHand:
    """
    Release what an operator asks for, as far as there are places.

    - What was sent to a number that no project listed goes to the project that lists it now.
    - While no project lists it, it waits. Only a held call that the operator names by its id
      becomes a lead of the project that holds it, for good: to release all that is held must not
      decide that for each of them.
    """

    def __init__(self, release: ReleaseHeld, route_item: RouteItem) -> None:
        self._release = release
        self._route_item = route_item

    async def __call__(self, query: HeldQuery) -> ReleaseCount:
        """
        What became of all that *query* finds; what no project lists is among what is still held.

        Raises:
            StorageUnavailable, Overloaded: Some of it was released; the rest waits on.
        """
        waiting = 0

        async def prepare(call: HeldCall) -> Capture | None:
            nonlocal waiting
            owner = await self._owner(call)
            if owner is None and query.held_ids is None:
                waiting += 1
                return None
            return to_capture(call, owner)

        count = await self._release(query, prepare)
        return replace(count, still_held=count.still_held + waiting)

    async def _owner(self, call: HeldCall) -> str | None:
        """The project whose *call* is; it was decided when it came, but for unlisted numbers."""
        if call.code != NUMBER_NOT_LISTED:
            return call.project_id
        try:
            return await self._route_item.of_held(call.channel, call.project_id, call.origin)
        except UnknownChannel:
            return None  # the channel is switched off, so that no settings say whose it is
