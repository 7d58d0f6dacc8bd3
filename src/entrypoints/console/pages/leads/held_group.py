"""Releasing all that is held for a reason: what it means, and doing it."""

from collections.abc import AsyncIterator
from urllib.parse import urlencode

from sanic import HTTPResponse

from application.held.release_by_hand import ReleaseInBackground
from domain.held import CODES, NUMBER_NOT_LISTED, UNPROVEN, WEBHOOK_CODES, HeldQuery
from domain.users.refusals import NotThere
from entrypoints.console.channels.fields import cut
from entrypoints.console.frame.visit import Visit
from entrypoints.console.held.reasons import REASONS
from entrypoints.console.held.released import WAITS_SECONDS, word_for
from entrypoints.console.pages.leads.held import HeldPage, held_of, reason_of

_ALL = "All that is held for this reason: {count:,}."
_ALL_OF_ORIGIN = "Held from {origin}: {count:,}."
_ONE_LEAD_EACH = (
    "Each becomes a lead with the time at which it came, and takes a place of this month. Calls"
    " that say the same become one lead."
)
_NO_PLACE = "No place of this month is left: until there is one, they go on waiting."
_PLACES = "Places left in this month: {count:,}. What finds none goes on waiting."
_ARRIVED_STAY = (
    "Whoever tried again, and is a lead by now, is not counted twice: their calls stay held."
)
_UNLISTED_STAY = "What was sent to a number that still no project lists stays held."
_UNPROVEN = "Nothing proves who sent them. If some are not real, release the real ones by hand."


class HeldGroupPage:
    """Asks before it releases many."""

    def __init__(self, held: HeldPage, release: ReleaseInBackground) -> None:
        self._held = held
        self._release = release

    async def ask(self, visit: Visit, code: str) -> HTTPResponse:
        """What releasing them means, with their number."""
        origin, reason = _asked(visit, code), REASONS[code]
        path = reason_of(visit, code)
        query = f"?{urlencode({'origin': origin})}" if origin else ""
        return visit.page(
            "danger.html",
            room="/held",
            question=f"Release all of “{reason.title}”?",
            sentences=[one async for one in self._meaning(visit, code, origin)],
            button="Release",
            path=f"{path}/release{query}",
            back=f"{path}{query}",
        )

    async def release(self, visit: Visit, code: str) -> HTTPResponse:
        """Release them, as far as a few seconds go; the rest follows by itself."""
        query = HeldQuery(
            project_id=visit.project.project_id, code=code, origin=_asked(visit, code)
        )
        count = await self._release(query, within_seconds=WAITS_SECONDS)
        return visit.done(held_of(visit), word_for(count))

    async def _meaning(self, visit: Visit, code: str, origin: str | None) -> AsyncIterator[str]:
        count = await self._held.count(visit, code, origin)
        yield (_ALL_OF_ORIGIN if origin else _ALL).format(count=count, origin=cut(origin or ""))
        yield _ONE_LEAD_EACH
        left = visit.overview.places_left
        if left is not None:
            yield _PLACES.format(count=left) if left else _NO_PLACE
        if code not in WEBHOOK_CODES:
            yield _ARRIVED_STAY
        elif code == NUMBER_NOT_LISTED:
            yield _UNLISTED_STAY
        elif code == UNPROVEN:
            yield _UNPROVEN


def _asked(visit: Visit, code: str) -> str | None:
    """
    The page or number that is asked for; None for all of *code*.

    Raises:
        NotThere: Nothing is held under that code: a line cannot be released.
    """
    if code not in CODES:
        raise NotThere
    return visit.query("origin") or None
