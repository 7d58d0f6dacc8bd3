"""The settings of a project: its name, its domains, and what becomes of its calls."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sanic import HTTPResponse

from application.projects.update import ProjectChange, Refused, UpdateProject
from domain.allowlist import OPAQUE_ENTRY, InvalidDomain, entries_in
from domain.errors import NameTaken
from domain.held import PLAN_LIMIT_REACHED
from domain.users.refusals import NotThere
from entrypoints.console import words
from entrypoints.console.frame.forms import Form
from entrypoints.console.frame.visit import Visit

LIMIT = "monthly_limit"
BOXES = ("require_origin", "release_held_each_month", "release_held_calls", "lenient")
_LIMIT = re.compile(r"[0-9]{0,15}")


class SettingsPage:
    """What may be changed of a project; its monthly limit is for admins alone."""

    def __init__(self, update_project: UpdateProject) -> None:
        self._update_project = update_project

    async def show(self, visit: Visit) -> HTTPResponse:
        """As they are."""
        return _page(visit, visit.form)

    async def save(self, visit: Visit) -> HTTPResponse:
        """What the reader changed, all of it or nothing; what others changed meanwhile stays."""
        form, project = visit.form, visit.project
        is_admin = visit.signed_in.user.admin
        if LIMIT in (form.values or {}) and not is_admin:
            raise NotThere
        now = _now(visit)
        typed, shown = domains_of(form), entries_in(form.shown("domains", now["domains"]))
        added = [one for one in typed if one not in shown]
        wrong = {**wrong_domains(added), **(wrong_limit(form) if is_admin else {})}
        listed = entries_in(now["domains"])
        change = ProjectChange(
            add_domains=added,
            remove_domains=[one for one in shown if one not in typed and one in listed],
            **_plain(form, form.changed(now) - wrong.keys()),
        )
        refusals = await self._update_project.refusals(project, change)
        if not (wrong or refusals):
            refusals = await self._change(project.project_id, change)
        wrong = {name: _said(one, is_admin=is_admin) for name, one in refusals.items()} | wrong
        if wrong:
            in_order = {name: wrong[name] for name in now if name in wrong}
            return _page(visit, form.with_errors(**in_order))
        return visit.done(f"/projects/{project.project_id}/settings", "project-saved")

    async def _change(self, project_id: str, change: ProjectChange) -> Mapping[str, Refused]:
        """Change the project; if somebody else was faster, it says which field cannot be so."""
        try:
            await self._update_project(project_id, change)
        except NameTaken as refused:
            return {"name": refused}
        except InvalidDomain as refused:
            return {"domains": refused}
        return {}


def _page(visit: Visit, form: Form) -> HTTPResponse:
    return visit.page(
        "general.html",
        form=form,
        setting="",
        now_set=_now(visit),
        overview=visit.overview,
        waiting=visit.held.get(PLAN_LIMIT_REACHED, 0),
        lists_null=OPAQUE_ENTRY in visit.project.domains,
    )


def _plain(form: Form, changed: Collection[str]) -> Mapping[str, Any]:
    """Those settings of the form that are replaced as they are, as far as they are *changed*."""
    boxes = {box: form.has(box) for box in BOXES if box in changed}
    name = {"name": form.text("name")} if "name" in changed else {}
    limit = {LIMIT: limit_of(form)} if LIMIT in changed else {}
    return {**name, **boxes, **limit}


def _now(visit: Visit) -> Mapping[str, str]:
    """What each field of this visitor's form has before anybody types."""
    project = visit.project
    texts = {"name": project.name, "domains": "\n".join(map(str, project.domains))}
    texts |= {box: "on" if getattr(project, box) else "" for box in BOXES}
    if visit.signed_in.user.admin:
        texts[LIMIT] = "" if project.monthly_limit is None else str(project.monthly_limit)
    return texts


def _said(refused: Refused, *, is_admin: bool) -> str:
    """Why it was refused; what other projects there are is nothing for a member."""
    if isinstance(refused, NameTaken) and not is_admin:
        return words.NAME_TAKEN
    return f"{refused}." if isinstance(refused, InvalidDomain) else str(refused)


def domains_of(form: Form) -> Sequence[str]:
    """The domains that were typed, however they are divided."""
    return entries_in(form.text("domains"))


def wrong_domains(added: Sequence[str]) -> Mapping[str, str]:
    """
    What is wrong with new entries of the list for a page of the console; empty if nothing is.

    `null` opens the list to every page. Who adds it should know that, so only the command does; a
    list that has it keeps it.
    """
    if str(OPAQUE_ENTRY) in (domain.lower() for domain in added):
        return {"domains": words.NO_NULL}
    return {}


def limit_of(form: Form) -> int | None:
    """The monthly limit that was typed; None for none."""
    typed = form.text(LIMIT).strip()
    return int(typed) if typed else None


def wrong_limit(form: Form) -> Mapping[str, str]:
    """What is wrong with the monthly limit; empty if nothing is."""
    return {} if _LIMIT.fullmatch(form.text(LIMIT).strip()) else {LIMIT: words.NO_LIMIT}
