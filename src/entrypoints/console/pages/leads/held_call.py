"""One held call: what was sent, what was read of it, and why it waits."""

from sanic import HTTPResponse

from application.held.arrivals import Arrivals
from application.held.find_held import FindHeld
from application.held.release_by_hand import ReleaseInBackground
from application.ports.address_syntax import AddressSyntax
from domain.held import CODES, DOMAIN_NOT_ALLOWED, LINES, HeldCall, HeldQuery
from entrypoints.console.frame.visit import Visit
from entrypoints.console.held.reasons import REASONS
from entrypoints.console.held.released import WAITS_SECONDS, word_for
from entrypoints.console.held.rows import read_of, row_of
from entrypoints.console.held.sources import NO_ORIGIN, Source, judged, page_of
from entrypoints.console.pages.leads.held import held_of, reason_of
from entrypoints.http.body.flaws import flaws_of


class HeldCallPage:
    """For whoever wants to know what became of one call."""

    def __init__(
        self,
        find: FindHeld,
        arrivals: Arrivals,
        release: ReleaseInBackground,
        syntax: AddressSyntax,
    ) -> None:
        self._find = find
        self._arrivals = arrivals
        self._release = release
        self._syntax = syntax

    async def show(self, visit: Visit, held_id: str) -> HTTPResponse:
        """All that is known of it."""
        call = await self._find(visit.project.project_id, held_id)
        glance = await self._arrivals.follow(call.project_id).among_the_newest([call])
        return visit.page(
            "held_call.html",
            path=held_of(visit),
            call=call,
            row=row_of(call, glance.arrived),
            reason=REASONS.get(call.code),
            source=self._page_of(visit, call),
            is_line=call.code in LINES,
            read=read_of(call),
            flaws=flaws_of(call, self._syntax.is_email),
        )

    async def release(self, visit: Visit) -> HTTPResponse:
        """
        Make a lead of it; back to its group, if the form names one.

        Whoever presses twice reads that it is held no longer.
        """
        held_id, code = visit.form.text("held_id"), visit.form.text("code")
        held_ids = [held_id] if held_id.isascii() else []
        query = HeldQuery(project_id=visit.project.project_id, held_ids=held_ids)
        count = await self._release(query, within_seconds=WAITS_SECONDS)
        back = reason_of(visit, code) if code in CODES else held_of(visit)
        return visit.done(back, word_for(count))

    def _page_of(self, visit: Visit, call: HeldCall) -> Source | None:
        """The page that sent it, if that is why it is held."""
        if call.code != DOMAIN_NOT_ALLOWED:
            return None
        return judged(page_of(visit.project, call.origin or NO_ORIGIN, 1), self._syntax)
