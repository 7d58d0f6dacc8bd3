"""The project that a person means."""

from application.ports.project_register import ProjectRegister
from domain.errors import Advice, AdviceCode, NotFound
from domain.names import did_you_mean, folded
from domain.project import Project


class FindProject:
    """
    Find a project by its id or its name, as a person types it.

    It reads all projects where that is none of theirs exactly.
    """

    def __init__(self, projects: ProjectRegister) -> None:
        self._projects = projects

    async def __call__(self, id_or_name: str) -> Project:
        """
        The one that has exactly this id or name, else the one whose name differs in case alone.

        Raises:
            NotFound: There is none, or more than one differs in case alone; the text names those,
                or the names that are alike.
        """
        try:
            id_or_name.encode()
        except UnicodeEncodeError:  # a name that was not UTF-8, as the shell gave it
            raise NotFound("No project has a name that is not UTF-8.") from None
        return await self._projects.find(id_or_name) or await self._meant_by(id_or_name)

    async def _meant_by(self, typed: str) -> Project:
        projects = await self._projects.all()
        match [project for project in projects if folded(project.name) == folded(typed)]:
            case [project]:
                return project
            case []:
                like = did_you_mean(typed, [project.name for project in projects])
                raise NotFound(
                    f"There is no project {typed!r}.{like}", Advice(AdviceCode.LIST_PROJECTS)
                )
            case several:
                names = ", ".join(sorted(repr(project.name) for project in several))
                raise NotFound(
                    f"The names {names} differ in case alone: write the one you mean exactly."
                )
