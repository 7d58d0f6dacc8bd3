"""
What every `LeadArchive` does.

Subclass and provide `archive`, `ledger`, `held_ledger` and `projects` over one empty store.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from application.ports.held_ledger import HeldLedger
from application.ports.lead_archive import LeadArchive
from application.ports.lead_ledger import LeadLedger
from application.ports.project_register import ProjectRegister
from domain.held import CODES, PLAN_LIMIT_REACHED, RATE_LIMITED
from domain.identity import Identity
from domain.leads.query import LeadQuery
from domain.plan import Usage
from domain.project import Project
from tests.contracts.lead_archive.finding import FindingContract
from tests.contracts.lead_archive.sums import SumsContract
from tests.contracts.people import a_written_message, message_ids, the_lead
from tests.contracts.recording import DECEMBER, NOVEMBER, fill, record
from tests.support.builders import NOW, a_capture, a_held_call, a_message, a_phone, a_project

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


NO_STORE_HOLDS = 2**63


class LeadArchiveContract(FindingContract, SumsContract, JoinedLeadsContract):
    @pytest.fixture
    async def project(self, projects: ProjectRegister) -> Project:
        project = a_project()
        await projects.add(project)
        return project

    @pytest.fixture
    async def other_project(self, projects: ProjectRegister) -> Project:
        project = a_project()
        await projects.add(project)
        return project

    @pytest.fixture
    async def mixed(self, ledger: LeadLedger, project: Project, other_project: Project) -> Project:
        """Six leads, a minute apart, of two channels in turn; and another project's."""
        await record(
            ledger,
            *(
                a_capture(
                    which,
                    channel=("rest", "whatsapp")[number % 2],
                    captured_at=NOW + minutes(number),
                )
                for number in range(6)
                for which in (project, other_project)
            ),
        )
        return project

    async def test_a_number_that_nobody_has_is_no_lead(
        self, archive: LeadArchive, mixed: Project
    ) -> None:
        for number in (0, -1, 7, NO_STORE_HOLDS - 1, NO_STORE_HOLDS, -NO_STORE_HOLDS - 1, 2**64):
            assert await archive.get(mixed.project_id, number) is None

    async def test_a_project_that_does_not_exist_has_no_leads(self, archive: LeadArchive) -> None:
        nobody = a_project()

        assert await archive.get(nobody.project_id, 1) is None
        assert await numbers(archive, nobody) == []
        assert await archive.places_taken(nobody.project_id, NOVEMBER) == 0

    async def test_a_number_names_the_lead_of_the_project_that_is_asked(
        self,
        ledger: LeadLedger,
        archive: LeadArchive,
        project: Project,
        other_project: Project,
    ) -> None:
        captures = [a_capture(project), a_capture(other_project)]
        await record(ledger, *captures)

        for capture in captures:
            lead = await archive.get(capture.project_id, 1)
            assert lead is not None
            assert lead.request_id == capture.request_id

    async def test_a_page_is_in_the_order_of_the_numbers(
        self, archive: LeadArchive, mixed: Project
    ) -> None:
        assert await numbers(archive, mixed) == [1, 2, 3, 4, 5, 6]
        assert await numbers(archive, mixed, newest_first=True) == [6, 5, 4, 3, 2, 1]

    async def test_pages_follow_each_other_to_an_empty_one(
        self, archive: LeadArchive, mixed: Project
    ) -> None:
        upwards = [await numbers(archive, mixed, after=a, limit=4) for a in (None, 4, 6)]
        downwards = [
            await numbers(archive, mixed, after=a, limit=4, newest_first=True) for a in (None, 3, 1)
        ]

        assert upwards == [[1, 2, 3, 4], [5, 6], []]
        assert downwards == [[6, 5, 4, 3], [2, 1], []]

    async def test_a_page_has_leads_captured_at_the_moment_or_later(
        self, archive: LeadArchive, mixed: Project
    ) -> None:
        since = NOW + minutes(3)

        assert await numbers(archive, mixed, since=since) == [4, 5, 6]
        assert await numbers(archive, mixed, since=since + timedelta(milliseconds=1)) == [5, 6]
        assert await numbers(archive, mixed, since=NOW + minutes(60)) == []

    async def test_a_page_has_leads_of_the_channel_only(
        self, archive: LeadArchive, mixed: Project
    ) -> None:
        assert await numbers(archive, mixed, channel="whatsapp") == [2, 4, 6]
        assert await numbers(archive, mixed, channel="telegram") == []

    async def test_what_is_wanted_is_wanted_together(
        self, archive: LeadArchive, mixed: Project
    ) -> None:
        found = await numbers(
            archive,
            mixed,
            since=NOW + minutes(1),
            channel="whatsapp",
            newest_first=True,
            after=6,
            limit=1,
        )

        assert found == [4]

    async def test_messages_are_in_the_order_in_which_they_were_sent(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        sent = {"late": 2, "early": 0, "same moment, first": 1, "same moment, second": 1}
        person = a_phone("12025550147")
        await record(
            ledger,
            *(
                a_capture(
                    project,
                    identities=(person,),
                    message=a_message(name, sent_at=NOW + minutes(when)),
                )
                for name, when in sent.items()
            ),
        )

        lead = await archive.get(project.project_id, 1)
        (same,) = await archive.page(LeadQuery(project_id=project.project_id), after=None, limit=10)

        assert lead is not None
        ids = [message.message_id for message in lead.messages]
        assert ids == ["early", "same moment, first", "same moment, second", "late"]
        assert same == lead

    async def test_each_lead_of_a_page_has_its_own_messages(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project
    ) -> None:
        await record(
            ledger,
            *(
                a_capture(
                    project, identities=(Identity("x", str(n % 3)),), message=a_message(f"m{n}")
                )
                for n in range(6)
            ),
        )

        page = await archive.page(LeadQuery(project_id=project.project_id), after=None, limit=10)

        ids = [[message.message_id for message in lead.messages] for lead in page]
        assert ids == [["m0", "m3"], ["m1", "m4"], ["m2", "m5"]]

    async def test_places_are_counted_per_project_and_month_without_what_does_not_count(
        self, ledger: LeadLedger, archive: LeadArchive, project: Project, other_project: Project
    ) -> None:
        await fill(ledger, project, 3)
        await record(ledger, a_capture(project, counts=False))
        await record(ledger, a_capture(project), month=DECEMBER)
        await fill(ledger, other_project, 2)

        taken = [
            await archive.places_taken(which.project_id, month)
            for which in (project, other_project)
            for month in (NOVEMBER, DECEMBER)
        ]

        assert taken == [3, 1, 2, 0]

    async def test_usage_has_each_project_with_what_is_its_own(
        self,
        ledger: LeadLedger,
        held_ledger: HeldLedger,
        archive: LeadArchive,
        project: Project,
        other_project: Project,
    ) -> None:
        await fill(ledger, project, 2)
        later = NOW + minutes(5)
        await record(ledger, a_capture(project, counts=False, captured_at=later))
        await record(ledger, a_capture(other_project), month=DECEMBER)
        calls = [a_held_call(project, code=code) for code in CODES]
        await held_ledger.hold([*calls, a_held_call(project), a_held_call(other_project)])
        line = a_held_call(other_project, code=RATE_LIMITED, body="", capture=None)
        await held_ledger.hold([line])
        nobody = a_project()
        held = {**dict.fromkeys(CODES, 1), PLAN_LIMIT_REACHED: 2}

        asked = [one.project_id for one in (project, other_project, nobody)]
        usage = await archive.usage(asked, NOVEMBER)

        assert list(usage) == asked
        assert list(usage.values()) == [
            Usage(places_taken=2, held_by_code=held, last_lead_at=later),
            Usage(places_taken=0, held_by_code={PLAN_LIMIT_REACHED: 1}, last_lead_at=NOW),
            Usage(),
        ]
        for project_id, its in usage.items():
            assert await archive.usage([project_id], NOVEMBER) == {project_id: its}
        assert await archive.usage([], NOVEMBER) == {}

    async def test_usage_has_only_the_projects_that_were_asked_for(
        self, archive: LeadArchive, mixed: Project
    ) -> None:
        assert list(await archive.usage([mixed.project_id], NOVEMBER)) == [mixed.project_id]
