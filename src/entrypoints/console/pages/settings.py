"""The settings of a project: its name, its domains, and what becomes of its calls."""

import re
from collections.abc import Mapping, Sequence

from sanic import HTTPResponse

from application.ports.held_archive import HeldArchive
from application.projects.overview import OverviewProjects
from application.projects.update import UNCHANGED, ProjectChange, UpdateProject
from domain.allowlist import OPAQUE_ENTRY, InvalidDomain, entries_in
from domain.errors import NameTaken
from domain.held import PLAN_LIMIT_REACHED
from domain.project import InvalidProject, Project
from domain.users.refusals import NotThere
from entrypoints.console import words
from entrypoints.console.frame.forms import Form
from entrypoints.console.frame.visit import Visit

LIMIT = "monthly_limit"
_LIMIT = re.compile(r"[0-9]{0,15}")


class SettingsPage:
    """What may be changed of a project; its monthly limit is for admins alone."""

    def __init__(
        self, update_project: UpdateProject, overview: OverviewProjects, held: HeldArchive
    ) -> None:
        self._update_project = update_project
        self._overview = overview
        self._held = held

    async def show(self, visit: Visit) -> HTTPResponse:
        """As they are."""
        return await self._page(visit, visit.form)

    async def save(self, visit: Visit) -> HTTPResponse:
        """Other settings, all of them or none."""
        form, project = visit.form, visit.project
        is_admin = visit.signed_in.user.admin
        if LIMIT in (form.values or {}) and not is_admin:
            raise NotThere
        domains = domains_of(form)
        wrong = {**wrong_domains(domains, project), **(wrong_limit(form) if is_admin else {})}
        if wrong:
            return await self._page(visit, form.with_errors(**wrong))
        name = form.text("name")
        change = ProjectChange(
            name=UNCHANGED if name == project.name else name,
            domains=domains,
            monthly_limit=limit_of(form) if is_admin else UNCHANGED,
            require_origin=form.has("require_origin"),
            release_held_each_month=form.has("release_held_each_month"),
            release_held_calls=form.has("release_held_calls"),
            lenient=form.has("lenient"),
        )
        try:
            await self._update_project(project.project_id, change)
        except (InvalidProject, NameTaken) as refused:
            return await self._page(visit, form.with_errors(name=str(refused)))
        except InvalidDomain as refused:
            return await self._page(visit, form.with_errors(domains=f"{refused}."))
        return visit.done(f"/projects/{project.project_id}/settings", "project-saved")

    async def _page(self, visit: Visit, form: Form) -> HTTPResponse:
        [overview] = await self._overview([visit.project])
        waiting = await self._held.room(visit.project.project_id, PLAN_LIMIT_REACHED)
        return visit.page(
            "general.html",
            form=form,
            setting="",
            overview=overview,
            waiting=waiting.calls,
            lists_null=OPAQUE_ENTRY in visit.project.domains,
        )


def domains_of(form: Form) -> Sequence[str]:
    """The domains that were typed, however they are divided."""
    return entries_in(form.text("domains"))


def wrong_domains(domains: Sequence[str], project: Project | None = None) -> Mapping[str, str]:
    """
    What is wrong with the list for a page of the console; empty if nothing is.

    `null` opens the list to every page. Who adds it should know that, so only the command does; a
    list that has it keeps it.
    """
    kept = project is not None and OPAQUE_ENTRY in project.domains
    if not kept and str(OPAQUE_ENTRY) in (domain.lower() for domain in domains):
        return {"domains": words.NO_NULL}
    return {}


def limit_of(form: Form) -> int | None:
    """The monthly limit that was typed; None for none."""
    typed = form.text(LIMIT).strip()
    return int(typed) if typed else None


def wrong_limit(form: Form) -> Mapping[str, str]:
    """What is wrong with the monthly limit; empty if nothing is."""
    return {} if _LIMIT.fullmatch(form.text(LIMIT).strip()) else {LIMIT: words.NO_LIMIT}
