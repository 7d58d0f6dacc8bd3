"""A new project, ready to capture."""

from collections.abc import Sequence
from dataclasses import dataclass

from application.keys.create import CreateKey, NewKey
from application.ports.address_syntax import AddressSyntax
from application.ports.clock import Clock
from application.ports.project_register import ProjectRegister
from application.projects.names import free_name
from domain.allowlist import parse_domain
from domain.project import Project, new_project_id


@dataclass(frozen=True, slots=True)
class NewProject:
    """The project and its first key."""

    project: Project
    key: NewKey


class CreateProject:
    """Make a project and its first key."""

    def __init__(
        self,
        projects: ProjectRegister,
        create_key: CreateKey,
        syntax: AddressSyntax,
        clock: Clock,
    ) -> None:
        self._projects = projects
        self._create_key = create_key
        self._syntax = syntax
        self._clock = clock

    async def __call__(
        self,
        name: str,
        *,
        domains: Sequence[str] = (),
        monthly_limit: int | None = None,
        require_origin: bool = False,
        key_label: str = "first",
    ) -> NewProject:
        """
        The project that was made.

        Raises:
            InvalidProject, InvalidDomain: It cannot be like this.
            NameTaken: There is one of this name, or of one that differs in case alone.
        """
        free = await free_name(self._projects, name)
        parsed = (parse_domain(domain, self._syntax.canonical_host) for domain in domains)
        project = Project(
            project_id=new_project_id(),
            name=free,
            created_at=self._clock.now(),
            domains=tuple(dict.fromkeys(parsed)),
            monthly_limit=monthly_limit,
            require_origin=require_origin,
        )
        await self._projects.add(project)
        return NewProject(project, await self._create_key(project.project_id, label=key_label))
