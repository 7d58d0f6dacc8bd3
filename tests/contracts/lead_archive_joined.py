"""A person's leads are read as one: the earliest, with what was sent to any of them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from application.ports.lead_archive import LeadArchive
from application.ports.lead_ledger import LeadLedger
from domain.identity import Identity
from domain.lead import LeadQuery
from domain.project import Project
from tests.contracts.people import a_written_message, message_ids, the_lead
from tests.contracts.recording import NOVEMBER, fill, record
from tests.support.builders import NOW, a_message

NAMES = [Identity("x", str(number)) for number in range(4)]
LATEST_FIRST = [3, 2, 1, 0]


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


async def numbers(
    archive: LeadArchive,
    project: Project,
    *,
    after: int | None = None,
    limit: int = 100,
    **query: Any,
) -> list[int]:
    """Of the leads on a page."""
    wanted = LeadQuery(project_id=project.project_id, **query)
    page = await archive.page(wanted, after=after, limit=limit)

    assert all(lead.project_id == project.project_id for lead in page)
    return [lead.lead_id for lead in page]


class JoinedLeadsContract:
    @pytest.fixture
    async def joined(self, ledger: LeadLedger, project: Project, other_project: Project) -> Project:
        """
        Lead 4 is joined into 3, that into 2, and that into 1; lead 5 is another's.

        Each lead has a message, sent the later the lower its number.
        """
        for which in (other_project, project):
            for number, name in enumerate(NAMES):
                sent = a_message(f"m{number}", sent_at=NOW + minutes(LATEST_FIRST[number]))
                captured_at = NOW + minutes(number)
                await record(
                    ledger, a_written_message(which, name, message=sent, captured_at=captured_at)
                )
        late = a_message("late", sent_at=NOW - minutes(1))
        await record(ledger, a_written_message(project, NAMES[3], message=late))
        for first in (2, 1, 0):
            told = a_written_message(project, *NAMES[first : first + 2], message=None)
            await record(ledger, told)
        await fill(ledger, project, 1)
        return project

    async def test_a_lead_has_the_messages_of_all_that_is_joined_into_it(
        self, archive: LeadArchive, joined: Project
    ) -> None:
        whole = await the_lead(archive, joined, 1)

        assert [message.message_id for message in whole.messages] == [
            "late", "m3", "m2", "m1", "m0"
        ]  # fmt: skip
        assert whole.joined_into is None

    @pytest.mark.parametrize(("number", "own"), [(2, ["m1"]), (3, ["m2"]), (4, ["late", "m3"])])
    async def test_a_joined_lead_has_its_own_messages_and_says_where_its_person_is(
        self, archive: LeadArchive, joined: Project, number: int, own: Sequence[str]
    ) -> None:
        assert await message_ids(archive, joined, number) == own
        assert (await the_lead(archive, joined, number)).joined_into == 1

    @pytest.mark.parametrize("newest_first", [False, True])
    async def test_a_page_leaves_joined_leads_out_and_is_full_all_the_same(
        self, archive: LeadArchive, joined: Project, newest_first: bool
    ) -> None:
        found = [1, 5][:: -1 if newest_first else 1]

        assert await numbers(archive, joined, newest_first=newest_first, limit=2) == found
        assert await numbers(archive, joined, newest_first=newest_first, limit=1) == found[:1]
        after = await numbers(archive, joined, newest_first=newest_first, after=found[0], limit=1)
        assert after == found[1:]

    async def test_a_filter_asks_the_earliest_lead(
        self, archive: LeadArchive, joined: Project
    ) -> None:
        assert await numbers(archive, joined, since=NOW + minutes(2)) == []
        assert await numbers(archive, joined, channel="whatsapp") == [1]
        assert await numbers(archive, joined, channel="rest") == [5]

    async def test_a_page_has_a_lead_as_it_is_shown_alone(
        self, archive: LeadArchive, joined: Project, other_project: Project
    ) -> None:
        for project in (joined, other_project):
            wanted = LeadQuery(project_id=project.project_id)
            page = await archive.page(wanted, after=None, limit=10)

            assert list(page) == [await the_lead(archive, project, one.lead_id) for one in page]
            assert all(lead.joined_into is None for lead in page)

    async def test_a_joined_lead_keeps_its_place(
        self, archive: LeadArchive, joined: Project
    ) -> None:
        assert await archive.places_taken(joined.project_id, NOVEMBER) == 5
