"""The leads of a project, newest first: all, or those that somebody looks for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from http import HTTPStatus

from sanic import HTTPResponse

from application.leads.find import FindLeads
from application.leads.report import LeadReport, ReportLeads
from application.ports.lead_archive import LeadArchive
from domain.lead import REST, Lead
from domain.leads.query import LeadQuery
from entrypoints.console.frame import answers
from entrypoints.console.frame.forms import Form
from entrypoints.console.frame.visit import Visit
from entrypoints.console.lead_rows import LeadRow, rows_of
from entrypoints.console.leads.filters import (
    LeadFilter,
    choices_of,
    filter_of,
    meant_by,
    wrong_days,
)
from entrypoints.console.lines import PLACEHOLDER, for_terminal
from entrypoints.exports.formats import Format

PAGE = 50
FEW = 5
"""So many of the newest are below what makes one."""
LARGEST_NUMBER = 2**63 - 1
FORMATS = ((Format.XLSX, "Excel"), (Format.CSV, "CSV"), (Format.NDJSON, "NDJSON"))
"""As which all that is found can be had, and what each is called."""
DAYS_OF_CHOICES = 90
"""Sources and campaigns of so many days are offered."""


@dataclass(frozen=True, slots=True)
class _Page:
    """
    Leads, newest first.

    Attributes:
        older, newer: Behind these numbers it goes on; None where nothing is left to look at.
        looked_back_to, looked_up_to: Where the time was over, on the way to older or newer ones.
    """

    leads: Sequence[Lead]
    older: int | None
    newer: int | None
    looked_back_to: datetime | None = None
    looked_up_to: datetime | None = None

    @property
    def is_nowhere(self) -> bool:
        """Whether of all leads none is here: the address has a number beyond them."""
        return not self.leads and (self.older is not None or self.newer is not None)


class LeadsPage:
    """Leads, a page at a time; each begins where the one beside it ended."""

    def __init__(
        self, find_leads: FindLeads, report_leads: ReportLeads, channels: Collection[str]
    ) -> None:
        self._find_leads = find_leads
        self._report_leads = report_leads
        self._channels = (REST, *channels)

    async def show(self, visit: Visit) -> HTTPResponse:
        """The newest that the filter wants, or those `before` or `after` the lead of a number."""
        form = asked_by(visit)
        wanted = filter_of(form)
        path = f"/projects/{visit.project.project_id}/leads"
        if wrong := wrong_days(form):
            nothing = _Page((), None, None)
            return await self._answer(visit, form.with_errors(**wrong), wanted, nothing, None)
        if _has_empty_fields(visit):  # a form sends them all; an address to share is short
            return visit.redirect(path + wanted.asked())
        query = wanted.query(visit.project.project_id)
        before, after = number_in(visit.query("before")), number_in(visit.query("after"))
        page = await self._page(query, before, after)
        if page.is_nowhere and not wanted.is_on:
            return visit.redirect(path)
        if wanted.search and after is not None and page.newer is None:
            # On the first page is all of this, and before it the lead whose number is looked for.
            return visit.redirect(path + wanted.asked())
        count = await self._find_leads.count(query) if wanted.is_on else None
        if count is None and page.older is None and page.newer is None:
            count = len(page.leads)
        return await self._answer(visit, form, wanted, page, count)

    async def newest(self, visit: Visit) -> HTTPResponse:
        """
        The rows of the first page alone, for its script; 304 while they are the same.

        All of them, for two processes may write at once: a lower number can come a moment later.
        """
        query = LeadFilter().query(visit.project.project_id)
        found = await self._find_leads.page(query, after=None, limit=PAGE)
        numbers = ",".join(str(lead.lead_id) for lead in found.leads)
        tag = f'"{sha256(numbers.encode()).hexdigest()[:16]}"'
        if visit.request.headers.get("if-none-match") == tag:
            return answers.html("", HTTPStatus.NOT_MODIFIED, {"ETag": tag})
        response = visit.page("leads_newest.html", rows=rows_of(found.leads))
        response.headers["ETag"] = tag
        return response

    async def _page(self, query: LeadQuery, before: int | None, after: int | None) -> _Page:
        if after is None:
            found = await self._find_leads.page(query, after=before, limit=PAGE)
            newer = found.leads[0].lead_id if found.leads else (before or 1) - 1
            return _Page(
                found.leads,
                older=found.next_after,
                newer=None if before is None else newer,
                looked_back_to=found.looked_back_to,
            )
        upwards = replace(query, newest_first=False)
        found = await self._find_leads.page(upwards, after=after, limit=PAGE)
        return _Page(
            found.leads[::-1],
            older=found.leads[0].lead_id if found.leads else after + 1,
            newer=found.next_after,
            looked_up_to=found.looked_back_to,
        )

    async def _answer(
        self, visit: Visit, form: Form, wanted: LeadFilter, page: _Page, count: int | None
    ) -> HTTPResponse:
        today = visit.frame.clock.now().date()
        report = await self._report(visit.project.project_id, today)
        return visit.page(
            "leads.html",
            form=form,
            wanted=wanted,
            said_of_filter=wanted.said(today),
            meant=None if page.leads else meant_by(wanted, report),
            choices=choices_of(report, self._channels, wanted),
            count=count,
            page=page,
            rows=rows_of(page.leads),
            # What is said of a filter, with the files below it, is of the leads that were found.
            is_live=page.newer is None and not wanted.is_on,
            formats=FORMATS,
            curl=for_terminal(visit.lead_url, PLACEHOLDER),
        )

    async def _report(self, project_id: str, today: date) -> LeadReport:
        since = today - timedelta(days=DAYS_OF_CHOICES - 1)
        return await self._report_leads(project_id, since, today)


def asked_by(visit: Visit) -> Form:
    """What the filter in the address of *visit* has in its fields."""
    return Form(dict(visit.request.args))


async def newest_of(archive: LeadArchive, project_id: str, count: int) -> Sequence[Lead]:
    """The newest leads of a project, newest first."""
    query = LeadQuery(project_id=project_id, newest_first=True)
    return await archive.page(query, after=None, limit=count)


async def few_newest(archive: LeadArchive, visit: Visit) -> Sequence[LeadRow]:
    """The rows of the list below what makes a lead."""
    return rows_of(await newest_of(archive, visit.project.project_id, FEW))


def number_in(text: str) -> int | None:
    """The number of a lead in an address; None for anything else."""
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(LARGEST_NUMBER)):
        return None
    return min(int(text), LARGEST_NUMBER)


def _has_empty_fields(visit: Visit) -> bool:
    said = visit.request.get_query_args(keep_blank_values=True)
    return any(not text for _, text in said)
