"""The project that a person means."""

from application.ports.project_register import ProjectRegister
from domain.errors import Advice, AdviceCode, NotFound
from domain.project import Project


class FindProject:
    """Find a project by its id or its name."""

    def __init__(self, projects: ProjectRegister) -> None:
        self._projects = projects

    async def __call__(self, id_or_name: str) -> Project:
        """
        The project.

        Raises:
            NotFound: There is none.
        """
        try:
            id_or_name.encode()
        except UnicodeEncodeError:  # a name that was not UTF-8, as the shell gave it
            raise NotFound("No project has a name that is not UTF-8.") from None
        project = await self._projects.find(id_or_name)
        if project is None:
            raise NotFound(f"There is no project {id_or_name!r}.", Advice(AdviceCode.LIST_PROJECTS))
        return project
