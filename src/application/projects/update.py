"""Other settings for a project."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from application.ports.address_syntax import AddressSyntax
from application.ports.project_register import ProjectRegister
from application.projects.names import free_name
from domain.allowlist import AllowedDomain, InvalidDomain, parse_domain
from domain.errors import NameTaken
from domain.project import InvalidProject, Project

Refused = InvalidProject | InvalidDomain | NameTaken
UNCHANGED: Any = object()
"""Stands for a setting that is left as it is; None means no limit."""
_PLAIN = (
    "name",
    "monthly_limit",
    "require_origin",
    "release_held_each_month",
    "release_held_calls",
    "lenient",
)
"""Settings that are replaced as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectChange:
    """
    What should be different.

    Attributes:
        add_domains: Beside those that are on the list.
        remove_domains: Off the list; one that is not on it is refused.
    """

    name: str = UNCHANGED
    monthly_limit: int | None = UNCHANGED
    require_origin: bool = UNCHANGED
    release_held_each_month: bool = UNCHANGED
    release_held_calls: bool = UNCHANGED
    lenient: bool = UNCHANGED
    add_domains: Sequence[str] = ()
    remove_domains: Sequence[str] = ()


class UpdateProject:
    """Change a project; in force in every process within two seconds."""

    def __init__(self, projects: ProjectRegister, syntax: AddressSyntax) -> None:
        self._projects = projects
        self._syntax = syntax

    async def __call__(self, project_id: str, change: ProjectChange) -> Project:
        """
        The project as it is now.

        Raises:
            InvalidProject, InvalidDomain: It cannot be like this; nothing was changed.
            NameTaken: Another project has this name, or one that differs in case alone; nothing
                was changed.
            NotFound: There is no such project.
        """
        return await self._projects.change(project_id, await self._changing(project_id, change))

    async def refusals(self, project: Project, change: ProjectChange) -> Mapping[str, Refused]:
        """Why *project* cannot be as *change* says, by each setting; nothing is changed."""
        add, remove = change.add_domains, change.remove_domains
        parts = {
            "name": ProjectChange(name=change.name),
            "domains": ProjectChange(add_domains=add, remove_domains=remove),
            "monthly_limit": ProjectChange(monthly_limit=change.monthly_limit),
        }
        refused: dict[str, Refused] = {}
        for setting, part in parts.items():
            try:
                (await self._changing(project.project_id, part))(project)
            except (InvalidProject, InvalidDomain, NameTaken) as refusal:
                refused[setting] = refusal
        return refused

    async def _changing(
        self, project_id: str, change: ProjectChange
    ) -> Callable[[Project], Project]:
        """What makes the project that *change* asks for of the one that there is."""
        if change.name is not UNCHANGED:
            name = await free_name(self._projects, change.name, renamed_id=project_id)
            change = replace(change, name=name)
        added, removed = self._parsed(change.add_domains), self._parsed(change.remove_domains)

        def changed(project: Project) -> Project:
            for domain in removed:
                if domain not in project.domains:
                    raise InvalidDomain(f"{domain} is not on the allowlist of {project.name}")
            kept = [domain for domain in project.domains if domain not in removed]
            fields: dict[str, Any] = {"domains": tuple(dict.fromkeys([*kept, *added]))}
            for name in _PLAIN:
                if (wanted := getattr(change, name)) is not UNCHANGED:
                    fields[name] = wanted
            return replace(project, **fields)

        return changed

    def _parsed(self, domains: Sequence[str]) -> Sequence[AllowedDomain]:
        return [parse_domain(domain, self._syntax.canonical_host) for domain in domains]
