"""What a store has of a project: its leads, their messages, and what is held."""

from collections.abc import Sequence

from domain.held import LINES, HeldCall, HeldQuery
from domain.lead import Lead
from domain.leads.query import LeadQuery
from domain.project import Project
from entrypoints.container import Container


async def leads_of(container: Container, project: Project) -> Sequence[Lead]:
    """A project's leads, by number."""
    query = LeadQuery(project_id=project.project_id)
    return await container.archive().page(query, after=None, limit=10_000)


async def messages_of(container: Container, project: Project) -> list[list[str]]:
    """The ids of the messages of each lead of a project, by number."""
    leads = await leads_of(container, project)
    return [[message.message_id for message in lead.messages] for lead in leads]


async def request_ids_of(container: Container, project: Project) -> list[str]:
    """The request ids of a project's leads, by number."""
    return [lead.request_id for lead in await leads_of(container, project)]


async def held_by(container: Container, project: Project) -> Sequence[HeldCall]:
    """What a project holds, oldest first."""
    query = HeldQuery(project_id=project.project_id)
    return await container.held_archive().page(query, after=None, limit=10_000)


async def codes_of(container: Container, project: Project) -> list[str]:
    """Why a project holds what it holds, oldest first."""
    return [call.code for call in await held_by(container, project)]


async def lines_of(container: Container, project: Project) -> list[tuple[str, str | None, int]]:
    """The code, origin and times of each line, once all that wait are written."""
    await container.hold_refused().stop()
    lines = [call for call in await held_by(container, project) if call.code in LINES]
    return sorted((line.code, line.origin, line.times) for line in lines)
