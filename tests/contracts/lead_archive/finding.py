"""What every `LeadArchive` finds; it may give more where a text is looked for, and never less."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest

from application.ports.lead_archive import LeadArchive
from application.ports.lead_ledger import LeadLedger
from domain.lead import LeadDetails
from domain.leads.query import UNKNOWN, LeadQuery
from domain.project import Project
from tests.contracts.people import PHONE, a_written_message
from tests.contracts.recording import fill, record
from tests.support.builders import NOW, a_capture

DETAILS: Mapping[str, dict[str, Any]] = {
    "ada": {"name": "Ada Löwe", "email": "ada@EXAMPLE.com", "utm": {"utm_source": "Google"}},
    "quote": {"name": 'Anna "Ann" O\\Hara', "utm": {"utm_campaign": "Spring"}},
    "anna": {"name": "Анна Иванова", "phone": "+49 (170) 123-4567"},
    "percent": {"name": "100%_sure", "utm": {"utm_source": "google", "utm_campaign": "Spring"}},
    "copied": {"name": "Carla Groß", "phone": "+49\u00a0171\u20113\u2013456"},
    "nobody": {"attributes": {"note": "ada löwe, 4917012345"}},
}
LEADS = list(DETAILS)


FINDS: Sequence[tuple[dict[str, Any], list[str]]] = [
    ({"text": "LÖWE"}, ["ada"]),
    ({"text": "Example.COM"}, ["ada"]),
    ({"text": '"ann" o\\h'}, ["quote"]),
    ({"text": "анна ИВ"}, ["anna"]),
    ({"text": "49170123"}, ["anna"]),
    ({"text": "0170 1234"}, ["anna"]),
    ({"text": "%_"}, ["percent"]),
    ({"text": "_%"}, []),
    ({"text": "note"}, []),
    ({"text": "GROSS"}, ["copied"]),
    ({"text": "groß"}, ["copied"]),
    ({"text": "49171345"}, ["copied"]),
    ({"text": "0171\u00a03456"}, ["copied"]),
    ({"text": "9" * 30_000}, []),
    ({"text": "car\0la\udcff"}, ["copied"]),
    ({"source": "\udcff"}, ["quote", "anna", "copied", "nobody"]),
    ({"text": "3"}, ["anna", "copied"]),
    ({"source": "google"}, ["ada", "percent"]),
    ({"source": UNKNOWN}, ["quote", "anna", "copied", "nobody"]),
    ({"campaign": "Spring"}, ["quote", "percent"]),
    ({"campaign": "Spring", "source": UNKNOWN}, ["quote"]),
    ({"campaign": UNKNOWN, "text": "a"}, ["ada", "copied"]),
    ({"without_contact": True}, ["nobody"]),
    ({"until": NOW + timedelta(days=2)}, ["ada", "quote"]),
    ({"since": NOW + timedelta(days=1), "until": NOW + timedelta(days=2)}, ["quote"]),
]
"""What is wanted, and the leads that are found."""


class FindingContract:
    @pytest.fixture
    async def asked(self, ledger: LeadLedger, project: Project) -> Project:
        """A lead each, a day apart."""
        for number, details in enumerate(DETAILS.values()):
            at = NOW + timedelta(days=number)
            await record(ledger, a_capture(project, captured_at=at, details=LeadDetails(**details)))
        return project

    async def _found(self, archive: LeadArchive, project: Project, **wanted: Any) -> list[str]:
        query = LeadQuery(project_id=project.project_id, **wanted)
        page = await archive.page(query, after=None, limit=10)
        return [LEADS[lead.lead_id - 1] for lead in page if query.finds_in(lead)]

    async def test_it_finds_what_is_wanted_and_nothing_else(
        self, archive: LeadArchive, asked: Project
    ) -> None:
        found = [(wanted, await self._found(archive, asked, **wanted)) for wanted, _ in FINDS]

        assert found == list(FINDS)

    async def test_a_page_ends_where_it_is_asked_to(
        self, archive: LeadArchive, ledger: LeadLedger, project: Project
    ) -> None:
        await fill(ledger, project, 6)
        up = LeadQuery(project_id=project.project_id)
        down = LeadQuery(project_id=project.project_id, newest_first=True)

        pages = [
            await archive.page(up, after=2, limit=9, up_to=4),
            await archive.page(down, after=5, limit=9, up_to=3),
            await archive.page(down, after=None, limit=2, up_to=3),
        ]

        assert [[lead.lead_id for lead in page] for page in pages] == [[3, 4], [4, 3], [6, 5]]

    async def test_what_a_lead_took_later_is_found_too(
        self, archive: LeadArchive, ledger: LeadLedger, project: Project
    ) -> None:
        for details in (
            LeadDetails(name="Ada"),
            LeadDetails(email="ada@example.com", utm={"utm_source": "x"}),
        ):
            await record(ledger, a_written_message(project, PHONE, details=details))

        query = LeadQuery(project_id=project.project_id, text="ADA@", source="x")

        assert len(await archive.page(query, after=None, limit=9)) == 1
