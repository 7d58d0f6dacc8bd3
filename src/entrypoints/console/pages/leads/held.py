"""What a project holds: grouped by reason, and each reason by itself, page by page."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sanic import HTTPResponse

from application.held.arrivals import Arrivals
from application.ports.address_syntax import AddressSyntax
from application.ports.held_archive import HeldArchive
from application.ports.lead_channel import LeadChannel
from domain.held import CODES, LINES, HeldCall, HeldQuery
from domain.users.refusals import NotThere
from entrypoints.console.frame.forms import Form
from entrypoints.console.frame.visit import Visit
from entrypoints.console.held.reasons import REASONS, Reason, Remedy, remedies
from entrypoints.console.held.rows import HeldRow, row_of
from entrypoints.console.held.sources import (
    WITH_SOURCES,
    Source,
    judged,
    sources_of,
    stored_origin,
)

FEW = 5
"""So many calls of each reason, and so many pages or numbers, are on the page of all reasons."""
PAGE = 25
LONGEST_ID = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """
    What is held for one reason.

    Attributes:
        count: How many calls; lines are not counted.
        sources: Pages or numbers that they came from, those with most of them first.
        sources_end: The place of the next one among all.
        more_sources: How many follow.
        calls: Some of them, newest first.
        has_more: There are others.
    """

    code: str
    reason: Reason
    count: int
    remedies: Sequence[Remedy]
    sources: Sequence[Source]
    sources_end: int
    more_sources: int
    calls: Sequence[HeldCall]
    has_more: bool


@dataclass(frozen=True, slots=True)
class _Page:
    """
    Held calls, newest first.

    Attributes:
        is_newest: Nothing came after them.
        is_oldest: Nothing came before them.
    """

    calls: Sequence[HeldCall]
    is_newest: bool
    is_oldest: bool


class HeldPage:
    """Whoever misses a lead finds it here, with why it waits and what mends that."""

    def __init__(
        self,
        archive: HeldArchive,
        arrivals: Arrivals,
        channels: Mapping[str, LeadChannel],
        syntax: AddressSyntax,
    ) -> None:
        self._archive = archive
        self._arrivals = arrivals
        self._channels = channels
        self._syntax = syntax

    async def show(self, visit: Visit) -> HTTPResponse:
        """The newest of each reason, and apart from them what was refused and not kept."""
        return await self.show_with(visit, visit.form)

    async def show_with(self, visit: Visit, form: Form) -> HTTPResponse:
        """The same, with what is wrong with a form of it."""
        groups = [await self._group(visit, code) for code in CODES if visit.held.get(code)]
        lines = [await self._group(visit, code) for code in LINES]
        calls = [call for group in [*groups, *lines] for call in group.calls]
        return visit.page(
            "held.html",
            form=form,
            path=held_of(visit),
            groups=groups,
            lines=[group for group in lines if group.calls],
            **await self._rows(visit, calls),
        )

    async def show_reason(self, visit: Visit, code: str) -> HTTPResponse:
        """All of one reason, or of one page or number of it, those around the one of an id."""
        if code not in REASONS:
            raise NotThere
        asked = asked_origin(visit, code)
        origin = stored_origin(code, asked)
        query = HeldQuery(project_id=visit.project.project_id, code=code, origin=origin)
        before, after = _held_id(visit.query("before")), _held_id(visit.query("after"))
        page = await self._page(query, before, after)
        path = reason_of(visit, code)
        if not page.calls and not (page.is_newest and page.is_oldest):
            return visit.redirect(path, **of_origin(asked))
        sources, beyond = await self._sources(visit, code), _number(visit.query("beyond"))
        group = self._described(visit, code, page.calls, sources, most=PAGE, beyond=beyond)
        return visit.page(
            "held_reason.html",
            path=held_of(visit),
            group=group,
            is_line=code in LINES,
            beyond=beyond,
            of_origin=of_origin(asked),
            source=next((one for one in sources if one.origin == asked), None),
            older=None if page.is_oldest else page.calls[-1].held_id,
            newer=None if page.is_newest else page.calls[0].held_id,
            **await self._rows(visit, page.calls),
        )

    async def source(self, visit: Visit, code: str, asked: str) -> Source | None:
        """The page or number that an address asks for; None if nothing of it is held."""
        return next((s for s in await self._sources(visit, code) if s.origin == asked), None)

    async def _sources(self, visit: Visit, code: str) -> Sequence[Source]:
        count = visit.held.get(code, 0)
        return await sources_of(self._archive, self._channels, visit.project, code, count)

    async def _group(self, visit: Visit, code: str) -> Group:
        query = HeldQuery(project_id=visit.project.project_id, code=code, newest_first=True)
        calls = await self._archive.page(query, after=None, limit=FEW + 1)
        return self._described(visit, code, calls, await self._sources(visit, code), most=FEW)

    def _described(
        self,
        visit: Visit,
        code: str,
        calls: Sequence[HeldCall],
        sources: Sequence[Source],
        *,
        most: int,
        beyond: int = 0,
    ) -> Group:
        end = beyond + most
        came_by = {call.channel for call in calls} & self._channels.keys()
        return Group(
            code=code,
            reason=REASONS[code],
            count=visit.held.get(code, 0),
            remedies=remedies(
                code,
                visit.project,
                is_admin=visit.signed_in.user.admin,
                channels=sorted(came_by),
            ),
            sources=[judged(one, self._syntax) for one in sources[beyond:end]],
            sources_end=end,
            more_sources=max(len(sources) - end, 0),
            calls=calls[:most],
            has_more=len(calls) > most,
        )

    async def _page(self, query: HeldQuery, before: str | None, after: str | None) -> _Page:
        if after is None:
            newest_first = replace(query, newest_first=True)
            found = await self._archive.page(newest_first, after=before, limit=PAGE + 1)
            return _Page(found[:PAGE], before is None, len(found) <= PAGE)
        found = await self._archive.page(query, after=after, limit=PAGE + 1)
        return _Page(found[:PAGE][::-1], len(found) <= PAGE, is_oldest=False)

    async def _rows(self, visit: Visit, calls: Collection[HeldCall]) -> Mapping[str, Any]:
        """What the templates know of each call, by its id."""
        arrived = self._arrivals.follow(visit.project.project_id)
        glance = await arrived.among_the_newest(list(calls))
        rows: Mapping[str, HeldRow] = {c.held_id: row_of(c, glance.arrived) for c in calls}
        return {"rows": rows, "all_looked_at": glance.is_whole}


def held_of(visit: Visit) -> str:
    """The path of all that the project holds."""
    return f"/projects/{visit.project.project_id}/held"


def reason_of(visit: Visit, code: str) -> str:
    """The path of what it holds for one reason."""
    return f"{held_of(visit)}/reason/{code}"


def asked_origin(visit: Visit, code: str) -> str:
    """The page or number that the address asks for; empty for all of *code*."""
    return visit.query("origin") if code in WITH_SOURCES else ""


def of_origin(asked: str) -> Mapping[str, str]:
    """The part of an address that asks for it."""
    return {"origin": asked} if asked else {}


def _number(text: str) -> int:
    """The number in an address; 0 for anything else."""
    return int(text[:6]) if text.isascii() and text.isdigit() else 0


def _held_id(text: str) -> str | None:
    """The id in an address; None for anything else."""
    return text if text and text.isascii() and len(text) <= LONGEST_ID else None
