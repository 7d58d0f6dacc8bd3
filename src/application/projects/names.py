"""Which name a project may have."""

from application.ports.project_register import ProjectRegister
from domain.errors import Advice, AdviceCode, NameTaken
from domain.names import folded, invisible_in
from domain.project import InvalidProject


async def free_name(
    projects: ProjectRegister, wanted: str, *, renamed_id: str | None = None
) -> str:
    """
    *wanted* without blanks around it, if no other project is meant by it.

    Two that take alike names at one moment may both get them; the store refuses the same name
    alone.

    Args:
        projects: All are read.
        wanted: As a person types it.
        renamed_id: The project that gets the name, which may have one like it; None for a new one.

    Raises:
        InvalidProject: It has a character that nobody sees.
        NameTaken: There is one of this name, or of one that differs in case alone.
    """
    if invisible := invisible_in(wanted):
        raise InvalidProject(
            f"A project's name has no invisible characters, and this one has {invisible}."
        )
    name = wanted.strip()
    for project in await projects.all():
        if project.project_id != renamed_id and folded(project.name) == folded(name):
            raise _taken(name, project.name, is_new=renamed_id is None)
    return name


def _taken(name: str, by: str, *, is_new: bool) -> NameTaken:
    if by != name:
        return NameTaken(
            f"There is a project {by!r} already, and names that differ in case alone are one to"
            " whoever types them."
        )
    advice = (Advice(AdviceCode.MAKE_ANOTHER_KEY),) if is_new else ()
    return NameTaken(f"There is a project {by!r} already.", *advice)
