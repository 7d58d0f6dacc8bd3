"""Other leads with the e-mail address or the phone number of one."""

import pytest

from application.capture.lead_writer import LeadWriter
from application.leads import find, same_contact
from application.leads.same_contact import SameContact
from domain.lead import LeadDetails
from domain.project import Project
from entrypoints.container import Container
from tests.application.kept import leads_of
from tests.support.builders import NOW, a_capture

ADA = LeadDetails(name="Ada", email="Ada@Example.com", phone="+49 (89) 123-456")


async def others(
    container: Container, writer: LeadWriter, project: Project, *details: LeadDetails
) -> SameContact:
    """What is found for `ADA`, who comes in between the others."""
    for one in (details[0], ADA, *details[1:]):
        await writer.write(a_capture(project, details=one))
    ada = next(lead for lead in await leads_of(container, project) if lead.details == ADA)
    return await container.find_same_contact()(ada)


async def test_they_are_found_however_it_is_written_the_newest_first_and_each_once(
    container: Container, writer: LeadWriter, project: Project
) -> None:
    found = await others(
        container,
        writer,
        project,
        LeadDetails(email="ADA@example.COM", phone="+4989123456"),
        LeadDetails(email="not.ada@example.com", phone="+49 89 1234567"),
        LeadDetails(phone="+49-89-123456"),
    )

    assert [lead.lead_id for lead in found.leads] == [4, 1]
    assert found.looked_back_to is None


async def test_an_extension_is_nobodys_number(
    container: Container, writer: LeadWriter, project: Project
) -> None:
    for _ in range(2):
        await writer.write(a_capture(project, details=LeadDetails(phone="123")))
    lead, _ = await leads_of(container, project)

    assert (await container.find_same_contact()(lead)).leads == []


async def test_where_the_time_is_over_it_says_how_far_back_it_looked(
    container: Container,
    writer: LeadWriter,
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(same_contact, "SECONDS", 0.0)
    await others(container, writer, project, LeadDetails(email=ADA.email))
    [chunk] = (await container.archive().sums([project.project_id]))[project.project_id]
    monkeypatch.setattr(find, "FIRST_STRETCH", chunk.last - 1)  # down to the lead of the number 2
    _, ada = await leads_of(container, project)
    found = await container.find_same_contact()(ada)

    assert found == SameContact([], NOW)
