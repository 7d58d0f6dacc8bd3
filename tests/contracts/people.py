"""Persons with several identities, and who they turn out to be."""

from typing import Any

from application.ports.lead_archive import LeadArchive
from domain.capture import Capture
from domain.identity import Identity
from domain.lead import Lead
from domain.project import Project
from tests.contracts.recording import leads_of
from tests.support.builders import a_capture, a_message, a_phone

PHONE = a_phone("12025550147")
OTHER_PHONE = a_phone("5511987654321")
USER_ID = Identity("user_id", "US.13491208655302741918")
USER_NAME = Identity("user_name", "ada")


def a_written_message(
    project: Project,
    *identities: Identity,
    message_id: str | None = None,
    channel: str = "whatsapp",
    **fields: Any,
) -> Capture:
    message = a_message(message_id)
    defaults: dict[str, Any] = {"identities": identities or (PHONE,), "message": message}
    return a_capture(project, channel=channel, **(defaults | fields))


def written(project: Project, *names: tuple[Identity, ...]) -> list[Capture]:
    """A message of each, with the ids m0, m1 and so on."""
    return [a_written_message(project, *n, message_id=f"m{i}") for i, n in enumerate(names)]


def a_link(project: Project, *identities: Identity, **fields: Any) -> Capture:
    """Tells that these are one person's, and no more."""
    defaults: dict[str, Any] = {"channel": "whatsapp", "opens_lead": False}
    return a_capture(project, identities=identities, **(defaults | fields))


async def the_lead(archive: LeadArchive, project: Project, lead_id: int) -> Lead:
    lead = await archive.get(project.project_id, lead_id)
    assert lead is not None
    return lead


async def message_ids(archive: LeadArchive, project: Project, lead_id: int) -> list[str]:
    return [message.message_id for message in (await the_lead(archive, project, lead_id)).messages]


async def people(archive: LeadArchive, project: Project) -> list[set[str]]:
    """The ids of each person's messages, in the order of their leads."""
    leads = await leads_of(archive, project)
    return [{message.message_id for message in lead.messages} for lead in leads]
