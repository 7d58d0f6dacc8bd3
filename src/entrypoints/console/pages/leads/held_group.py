"""Releasing all that is held for a reason: what it means, and doing it."""

from collections.abc import Iterator
from urllib.parse import urlencode

from sanic import HTTPResponse

from application.held.release_by_hand import ReleaseInBackground
from domain.held import CODES, NUMBER_NOT_LISTED, UNPROVEN, WEBHOOK_CODES, HeldQuery
from domain.users.refusals import NotThere
from entrypoints.console.channels.fields import cut
from entrypoints.console.frame.visit import Visit
from entrypoints.console.held.reasons import REASONS
from entrypoints.console.held.released import WAITS_SECONDS, word_for
from entrypoints.console.held.sources import stored_origin
from entrypoints.console.pages.leads.held import (
    HeldPage,
    asked_origin,
    held_of,
    of_origin,
    reason_of,
)

_ALL = "All that is held for this reason: {count:,}."
_ALL_OF_SOURCE = "All that is held from there: {count:,}."
_NONE = "Nothing of it is held now."
_ONE_LEAD_EACH = (
    "Each becomes a lead with the time at which it came, and takes a place of this month. Calls"
    " that say the same become one lead."
)
_NO_PLACE = "No place of this month is left. Once there is one, release them again."
_PLACES = "Places left in this month: {count:,}. What finds none stays held."
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
        """What releasing them means, with their number; where nothing is held, that alone."""
        asked, path = _asked(visit, code), reason_of(visit, code)
        name, count, all_of_it = REASONS[code].title, visit.held.get(code, 0), _ALL
        if asked:
            source = await self._held.source(visit, code, asked)
            name, count = (source.name, source.count) if source else (cut(asked), 0)
            all_of_it = _ALL_OF_SOURCE
        query = f"?{urlencode(of_origin(asked))}" if asked else ""
        return visit.page(
            "danger.html",
            room="/held",
            question=f"Release all of “{name}”?",
            sentences=[all_of_it.format(count=count), *_meaning(visit, code)] if count else [_NONE],
            button="Release" if count else "",
            path=f"{path}/release{query}",
            back=f"{path}{query}",
        )

    async def release(self, visit: Visit, code: str) -> HTTPResponse:
        """Release them, as far as a few seconds go; the rest follows by itself."""
        origin = stored_origin(code, _asked(visit, code))
        query = HeldQuery(project_id=visit.project.project_id, code=code, origin=origin)
        count = await self._release(query, within_seconds=WAITS_SECONDS)
        return visit.done(held_of(visit), word_for(count))


def _meaning(visit: Visit, code: str) -> Iterator[str]:
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


def _asked(visit: Visit, code: str) -> str:
    """
    The page or number that is asked for; empty for all of *code*.

    Raises:
        NotThere: Nothing is held under that code: a line cannot be released.
    """
    if code not in CODES:
        raise NotThere
    return asked_origin(visit, code)
