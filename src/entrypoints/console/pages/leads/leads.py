"""The leads of a project, newest first; with script, new ones appear by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from http import HTTPStatus

from sanic import HTTPResponse

from application.ports.lead_archive import LeadArchive
from domain.lead import Lead
from domain.leads.query import LeadQuery
from entrypoints.console.frame import answers
from entrypoints.console.frame.visit import Visit
from entrypoints.console.lead_rows import LeadRow, rows_of
from entrypoints.console.lines import PLACEHOLDER, for_terminal

PAGE = 50
FEW = 5
"""So many of the newest are below what makes one."""
LARGEST_NUMBER = 2**63 - 1


@dataclass(frozen=True, slots=True)
class _Page:
    """
    Leads, newest first.

    Attributes:
        is_newest: Nothing came after them.
        is_oldest: Nothing came before them.
    """

    leads: Sequence[Lead]
    is_newest: bool
    is_oldest: bool


class LeadsPage:
    """All leads, a page at a time; each begins where the one beside it ended."""

    def __init__(self, archive: LeadArchive) -> None:
        self._archive = archive

    async def show(self, visit: Visit) -> HTTPResponse:
        """The newest, or those `before` or `after` the lead of a number."""
        before, after = _number(visit.query("before")), _number(visit.query("after"))
        page = await self._page(visit.project.project_id, before, after)
        if not page.leads and not (page.is_newest and page.is_oldest):  # nobody has such a number
            return visit.redirect(f"/projects/{visit.project.project_id}/leads")
        return visit.page(
            "leads.html",
            rows=rows_of(page.leads),
            curl=for_terminal(visit.lead_url, PLACEHOLDER),
            older=None if page.is_oldest else page.leads[-1].lead_id,
            newer=None if page.is_newest else page.leads[0].lead_id,
        )

    async def newest(self, visit: Visit) -> HTTPResponse:
        """
        The rows of the first page alone, for its script; 304 while they are the same.

        All of them, for two processes may write at once: a lower number can come a moment later.
        """
        leads = await newest_of(self._archive, visit.project.project_id, PAGE)
        numbers = ",".join(str(lead.lead_id) for lead in leads)
        tag = f'"{sha256(numbers.encode()).hexdigest()[:16]}"'
        if visit.request.headers.get("if-none-match") == tag:
            return answers.html("", HTTPStatus.NOT_MODIFIED, {"ETag": tag})
        response = visit.page("leads_newest.html", rows=rows_of(leads))
        response.headers["ETag"] = tag
        return response

    async def _page(self, project_id: str, before: int | None, after: int | None) -> _Page:
        query = LeadQuery(project_id=project_id, newest_first=True)
        if after is None:
            found = await self._archive.page(query, after=before, limit=PAGE + 1)
            return _Page(found[:PAGE], before is None, len(found) <= PAGE)
        upwards = replace(query, newest_first=False)
        found = await self._archive.page(upwards, after=after, limit=PAGE + 1)
        return _Page(found[:PAGE][::-1], len(found) <= PAGE, is_oldest=False)


async def newest_of(archive: LeadArchive, project_id: str, count: int) -> Sequence[Lead]:
    """The newest leads of a project, newest first."""
    query = LeadQuery(project_id=project_id, newest_first=True)
    return await archive.page(query, after=None, limit=count)


async def few_newest(archive: LeadArchive, visit: Visit) -> Sequence[LeadRow]:
    """The rows of the list below what makes a lead."""
    return rows_of(await newest_of(archive, visit.project.project_id, FEW))


def _number(text: str) -> int | None:
    """The number of a lead in an address; None for anything else."""
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(LARGEST_NUMBER)):
        return None
    return min(int(text), LARGEST_NUMBER)
