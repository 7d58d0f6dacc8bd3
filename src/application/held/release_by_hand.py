"""What an operator asks for is released: by a command, which waits for it, or from a page."""

import asyncio
import logging
from dataclasses import replace

from application.channels.route_item import RouteItem
from application.held.hold import to_capture
from application.held.release import ReleaseCount, ReleaseHeld
from domain.capture import Capture
from domain.held import NUMBER_NOT_LISTED, HeldCall, HeldQuery
from domain.refusals import UnknownChannel

log = logging.getLogger("swiftcrm.held")


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


class ReleaseInBackground:
    """
    Release what somebody on a page asks for, who waits a few seconds and no longer.

    The rest goes on in this process. Who asks for the same again while it does waits for that very
    release; one in another process makes no second lead of anything (`ReleaseHeld`). Nothing of
    it is written down: a process that ends leaves the rest where it was, and somebody asks again.
    """

    def __init__(self, release: ReleaseByHand) -> None:
        self._release = release
        self._running: dict[tuple[object, ...], asyncio.Task[ReleaseCount]] = {}

    async def __call__(self, query: HeldQuery, *, within_seconds: float) -> ReleaseCount | None:
        """
        What became of all that *query* finds; None if that takes longer.

        Raises:
            StorageUnavailable, Overloaded: Some of it was released; the rest waits on.
        """
        asked = (query.project_id, query.code, query.origin, *(query.held_ids or ()))
        task = self._running.get(asked)
        if task is None:
            task = asyncio.get_running_loop().create_task(self._release(query))
            self._running[asked] = task
            task.add_done_callback(lambda ended: self._ended(asked, ended))
        # Whoever leaves the page ends the waiting and not the release.
        done, _ = await asyncio.wait({task}, timeout=within_seconds)
        return task.result() if done else None

    async def stop(self) -> None:
        """Cut short what is being released; what was not yet goes on waiting."""
        tasks = set(self._running.values())
        while tasks:  # again and again, since PyMongo now and then swallows a cancel()
            for task in tasks:
                task.cancel()
            _, tasks = await asyncio.wait(tasks, timeout=1)

    def _ended(self, asked: tuple[object, ...], task: asyncio.Task[ReleaseCount]) -> None:
        """Of what nobody waited for to its end, the log alone says that it failed."""
        del self._running[asked]
        if not task.cancelled() and (error := task.exception()) is not None:
            log.warning("held.release_failed %s", asked[0], exc_info=error)
