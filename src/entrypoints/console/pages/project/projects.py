"""The projects, and a new one."""

from collections.abc import Mapping, Sequence

from sanic import HTTPResponse

from application.leads.report import ReportLeads
from application.projects.create import CreateProject
from application.projects.overview import OverviewProjects
from domain.allowlist import InvalidDomain
from domain.errors import NameTaken, StorageUnavailable
from domain.project import InvalidProject
from entrypoints.console import pictures
from entrypoints.console.frame.forms import Form
from entrypoints.console.frame.visit import Visit
from entrypoints.console.pages.project.keys import show_once
from entrypoints.console.pages.project.settings import (
    domains_of,
    limit_of,
    wrong_domains,
    wrong_limit,
)


async def to_projects(visit: Visit) -> HTTPResponse:
    """From the address without a path, which is all that most people type."""
    return visit.redirect()


PAGE = 60
"""So many projects are listed at a time; their lines alone make a page heavy."""
DAYS = 30
"""The line of a project has so many."""


class ProjectsPage:
    """All that the visitor may see."""

    def __init__(
        self,
        overview: OverviewProjects,
        report_leads: ReportLeads,
        create_project: CreateProject,
    ) -> None:
        self._overview = overview
        self._report_leads = report_leads
        self._create_project = create_project

    async def show(self, visit: Visit) -> HTTPResponse:
        """Those that need somebody first; of many, so many at a time that the page stays light."""
        projects = await visit.frame.projects_of(visit.signed_in.user)
        first = _place(visit.query("from"), len(projects))
        overviews = (await self._overview(projects))[first : first + PAGE]
        ids = [one.project.project_id for one in overviews]
        return visit.page(
            "projects.html",
            overviews=overviews,
            last_days=await self._last_days(ids),
            line=pictures.line,
            previous=max(first - PAGE, 0) if first else None,
            next=first + PAGE if first + PAGE < len(projects) else None,
        )

    async def _last_days(self, project_ids: Sequence[str]) -> Mapping[str, Sequence[int]]:
        """
        What each project's line shows; nothing as long as they are being counted.

        Millions that were never counted take longer than a page may. Every look goes on from
        where the one before ended, and meanwhile the list is shown without lines.
        """
        try:
            return await self._report_leads.last_days(project_ids, DAYS)
        except StorageUnavailable:
            return {}

    async def blank(self, visit: Visit) -> HTTPResponse:
        """The form for a new project."""
        return _blank(visit, visit.form)

    async def create(self, visit: Visit) -> HTTPResponse:
        """Make the project, and show its first key once."""
        form = visit.form
        domains = domains_of(form)
        wrong = {**wrong_domains(domains), **wrong_limit(form)}
        if wrong:
            return _blank(visit, form.with_errors(**wrong))
        try:
            made = await self._create_project(
                form.text("name"),
                domains=domains,
                monthly_limit=limit_of(form),
                require_origin=form.has("require_origin"),
            )
        except (InvalidProject, NameTaken) as refused:
            return _blank(visit, form.with_errors(name=str(refused)))
        except InvalidDomain as refused:
            return _blank(visit, form.with_errors(domains=f"{refused}."))
        visit.projects = await visit.frame.projects_of(visit.signed_in.user)
        visit.project_or_none = made.project
        return show_once(visit, made.key)


def _place(text: str, count: int) -> int:
    """Where a page begins in a list of *count*; at its beginning if *text* is no place in it."""
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(count))
    return int(text) if is_number and int(text) < count else 0


def _blank(visit: Visit, form: Form) -> HTTPResponse:
    return visit.page("new_project.html", form=form)
