"""What every `LeadArchive` counts: the same as whoever reads all leads."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from adapters.store_tools.lead_sums import MOST_ORIGINS
from application.ports.lead_archive import LeadArchive
from application.ports.lead_ledger import LeadLedger
from domain.capture import Capture
from domain.lead import LeadDetails
from domain.leads.origin import origin_of
from domain.leads.sums import OTHERS, Chunk
from domain.project import Project
from tests.contracts.people import OTHER_PHONE, PHONE, a_link, a_written_message
from tests.contracts.recording import record
from tests.support.builders import NOW, a_capture

MORE_THAN_A_CHUNK = 5_005
Counts = Counter[tuple[date, str, str | None, str | None]]


async def counted(archive: LeadArchive, project: Project) -> Counts:
    """What the sums say."""
    counts: Counts = Counter()
    for chunk in (await archive.sums([project.project_id]))[project.project_id]:
        assert list(chunk.sums) == sorted(chunk.sums, key=lambda one: one.day)
        for one in chunk.sums:
            counts[one.day, one.channel, one.source, one.campaign] += one.leads
    return counts


def count(captures: Iterable[Capture]) -> Counts:
    """What these say, each a lead."""
    counts: Counts = Counter()
    for one in captures:
        origin = origin_of(one.details)
        counts[one.captured_at.date(), one.channel, origin.source, origin.campaign] += 1
    return counts


def from_ad(number: int) -> LeadDetails:
    utm = {"utm_source": ["google", "Bing"][number % 2], "utm_campaign": f"c{number % 3}"}
    return LeadDetails(name="Ada", utm=utm if number % 5 else {})


class SumsContract:
    async def test_what_is_counted_once_is_counted_with_all_that_comes_later(
        self,
        archive: LeadArchive,
        other_archive: LeadArchive,
        ledger: LeadLedger,
        project: Project,
    ) -> None:
        """By two processes, in more leads than a chunk has, of which the first two are persons."""
        one, two = (a_written_message(project, who) for who in (PHONE, OTHER_PHONE))
        rest = [
            a_capture(project, captured_at=NOW + timedelta(hours=n % 90), details=from_ad(n))
            for n in range(MORE_THAN_A_CHUNK - 2)
        ]
        await record(ledger, one, two, *rest)
        from_google = replace(one, details=from_ad(2))
        released = a_capture(project, captured_at=NOW - timedelta(days=40), details=from_ad(2))
        looks: list[tuple[Capture | None, list[Capture]]] = [
            (None, [one, two, *rest]),
            # In the chunk that was counted: one learns where it came from, and two are joined.
            (a_written_message(project, PHONE, details=from_ad(2)), [from_google, two, *rest]),
            (a_link(project, PHONE, OTHER_PHONE), [from_google, *rest]),
            # A lead that was released has the time at which it came.
            (released, [from_google, *rest, released]),
        ]

        for change, leads in looks:
            if change is not None:
                await record(ledger, change)
            for asked in (archive, other_archive):
                assert await counted(asked, project) == count(leads)

        found = await archive.sums([project.project_id])
        assert [(c.first, c.last) for c in found[project.project_id]] == [(1, 5000), (5001, 10000)]
        assert [_leads_in(c) for c in found[project.project_id]] == [4999, 6]

    async def test_each_project_has_sums_of_its_own(
        self, archive: LeadArchive, ledger: LeadLedger, project: Project, other_project: Project
    ) -> None:
        leads = [a_capture(project, details=from_ad(number)) for number in range(3)]
        others = [a_capture(other_project, details=from_ad(1))]
        await record(ledger, *leads, *others)
        asked = [project.project_id, other_project.project_id, "prj_nobody"]

        sums = await archive.sums(asked)

        assert [len(sums[one]) for one in asked] == [1, 1, 0]
        assert await archive.sums([]) == {}
        assert await counted(archive, project) == count(leads)
        assert await counted(archive, other_project) == count(others)

    async def test_campaigns_without_number_are_counted_together(
        self, archive: LeadArchive, ledger: LeadLedger, project: Project
    ) -> None:
        captures = [
            a_capture(project, details=LeadDetails(utm={"utm_campaign": f"c{number}"}))
            for number in range(MOST_ORIGINS + 100)
        ]
        await record(ledger, *captures)

        (chunk,) = (await archive.sums([project.project_id]))[project.project_id]

        assert _leads_in(chunk) == len(captures)
        assert [one.leads for one in chunk.sums if one.campaign == OTHERS] == [100]


def _leads_in(chunk: Chunk) -> int:
    return sum(one.leads for one in chunk.sums)
