"""What a store has of a project: its leads, their messages, and what is held."""

from collections.abc import Sequence

from application.ports.held_archive import HeldArchive
from application.ports.lead_archive import LeadArchive
from domain.held import HeldCall, HeldQuery
from domain.lead import Lead, LeadQuery
from domain.project import Project


async def leads_of(archive: LeadArchive, project: Project) -> Sequence[Lead]:
    """A project's leads, by number."""
    query = LeadQuery(project_id=project.project_id)
    return await archive.page(query, after=None, limit=10_000)


async def messages_of(archive: LeadArchive, project: Project) -> list[list[str]]:
    """The ids of the messages of each lead of a project, by number."""
    leads = await leads_of(archive, project)
    return [[message.message_id for message in lead.messages] for lead in leads]


async def request_ids_of(archive: LeadArchive, project: Project) -> list[str]:
    """The request ids of a project's leads, by number."""
    return [lead.request_id for lead in await leads_of(archive, project)]


async def held_by(held_archive: HeldArchive, project: Project) -> Sequence[HeldCall]:
    """What a project holds, oldest first."""
    query = HeldQuery(project_id=project.project_id)
    return await held_archive.page(query, after=None, limit=10_000)


async def codes_of(held_archive: HeldArchive, project: Project) -> list[str]:
    """Why a project holds what it holds, oldest first."""
    return [call.code for call in await held_by(held_archive, project)]
