"""What an operator asks for is released."""

from dataclasses import replace

from application.channels.route_item import FindOwner
from application.held.hold import capture_of
from application.held.release import ReleaseHeld, Tally
from domain.capture import Capture
from domain.held import NUMBER_NOT_LISTED, HeldCall, HeldQuery
from domain.refusals import UnknownChannel


class ReleaseByHand:
    """
    Release what an operator asks for, as far as there are places.

    - What was sent to a number that nobody listed goes to whoever lists it now.
    - While nobody does, it waits: only one that is named becomes a lead of the project that
      holds it, for good. What names nothing in particular decides that of nothing.
    """

    def __init__(self, release: ReleaseHeld, find_owner: FindOwner) -> None:
        self._release = release
        self._find_owner = find_owner

    async def __call__(self, query: HeldQuery) -> Tally:
        """
        What became of all that *query* finds; what nobody owns is among what is still held.

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
            return capture_of(call, owner)

        tally = await self._release(query, prepare)
        return replace(tally, still_held=tally.still_held + waiting)

    async def _owner(self, call: HeldCall) -> str | None:
        """The project whose *call* is; it was decided when it came, but for unlisted numbers."""
        if call.code != NUMBER_NOT_LISTED:
            return call.project_id
        try:
            return await self._find_owner.of_held(call.channel, call.project_id, call.origin)
        except UnknownChannel:
            return None  # switched off, so that nobody's settings say whose it is
