"""Leads are looked for, a page at a time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

import pytest

from adapters.store_tools import lead_sums
from application.leads import find as module
from application.leads.find import FindLeads, Found
from application.ports.lead_archive import LeadArchive
from domain.lead import Lead, LeadDetails
from domain.leads.query import UNKNOWN, LeadQuery
from domain.project import Project
from entrypoints.container import Container
from tests.contracts.recording import record
from tests.support.builders import NOW, a_capture
from tests.support.clocks import StillClock

LEADS = 2_500
EVERY = 800
"""One of so many leads came by a campaign."""
RARE = [1, 801, 1601, 2401]


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that few leads are more than a chunk."""
    monkeypatch.setattr(lead_sums, "CHUNK", 1_000)


@pytest.fixture
async def many(container: Container, project: Project) -> Project:
    """More leads than two chunks have, ten a day; few came by the campaign, and are called Ada."""
    captures = [
        a_capture(
            project,
            captured_at=NOW + timedelta(days=number // 10),
            details=LeadDetails(name="Ada", utm={"utm_source": "x", "utm_campaign": "rare"})
            if number % EVERY == 0
            else LeadDetails(name="Bob"),
        )
        for number in range(LEADS)
    ]
    for begin in range(0, LEADS, 500):
        await record(container.ledger(), *captures[begin : begin + 500])
    return project


@pytest.fixture
def find(container: Container) -> FindLeads:
    return container.find_leads()


def numbers(leads: Sequence[Lead]) -> list[int]:
    return [lead.lead_id for lead in leads]


async def pages(find: FindLeads, project: Project, size: int, **wanted: Any) -> list[list[int]]:
    query = LeadQuery(project_id=project.project_id, **wanted)
    found, after = [], None
    while True:
        page = await find.page(query, after=after, limit=size)
        found.append(numbers(page.leads))
        if page.next_after is None:
            return found
        after = page.next_after


@pytest.mark.parametrize("wanted", [{"campaign": "rare"}, {"text": "ADA"}, {"source": "x"}])
async def test_few_among_many_are_found_in_whichever_order(
    find: FindLeads, many: Project, wanted: dict[str, str]
) -> None:
    assert await pages(find, many, 3, **wanted) == [RARE[:3], RARE[3:]]
    assert await pages(find, many, 4, newest_first=True, **wanted) == [RARE[::-1]]


async def test_pages_never_skip_or_repeat(find: FindLeads, many: Project) -> None:
    everything = await pages(find, many, 999)
    unknown = await pages(find, many, 600, source=UNKNOWN, newest_first=True)

    assert list(chain(*everything)) == list(range(1, LEADS + 1))
    assert [len(page) for page in unknown] == [600, 600, 600, 600, LEADS - len(RARE) - 2400]
    assert list(chain(*unknown)) == [n for n in range(LEADS, 0, -1) if n not in RARE]


async def test_the_lead_whose_number_is_looked_for_comes_first_and_once(
    find: FindLeads, many: Project, container: Container
) -> None:
    called = LeadDetails(name="Agent 801")
    await record(container.ledger(), a_capture(many, details=called))

    found = await pages(find, many, 1, text="801", newest_first=True)
    other_campaign = await pages(find, many, 1, text="#802", campaign="rare")

    assert found == [[801], [LEADS + 1]]
    assert other_campaign == [[]]


class SlowArchive:
    """Each page takes so many seconds."""

    def __init__(self, archive: LeadArchive, clock: StillClock, seconds: float = 0.1) -> None:
        self._archive = archive
        self._clock = clock
        self._seconds = seconds

    def __getattr__(self, name: str) -> Any:
        return getattr(self._archive, name)

    async def page(self, *args: Any, **named: Any) -> Any:
        self._clock.advance(self._seconds)
        return await self._archive.page(*args, **named)


async def test_when_the_time_is_over_it_says_how_far_back_it_looked_and_goes_on_from_there(
    container: Container, many: Project, clock: StillClock
) -> None:
    find = FindLeads(SlowArchive(container.archive(), clock), clock)  # type: ignore[arg-type]
    query = LeadQuery(project_id=many.project_id, text="ada", newest_first=True)

    first = await find.page(query, after=None, limit=10, seconds=0.1)
    rest = await find.page(query, after=first.next_after, limit=10, seconds=9)

    assert numbers(first.leads) == [2401, 1601]
    assert first.next_after == 1001
    assert first.looked_back_to == NOW + timedelta(days=100)
    assert rest == Found(rest.leads)
    assert numbers(rest.leads) == [801, 1]


async def test_it_counts_without_reading_a_lead_where_it_can(
    find: FindLeads, many: Project
) -> None:
    def query(**wanted: Any) -> LeadQuery:
        return LeadQuery(project_id=many.project_id, **wanted)

    midnight = NOW.replace(hour=0, minute=0, second=0, microsecond=0)
    of_days = query(since=midnight + timedelta(days=2), until=midnight + timedelta(days=5))

    assert await find.count(query()) == LEADS
    assert await find.count(query(campaign="rare")) == len(RARE)
    assert await find.count(of_days) == 30
    assert await find.count(query(text="ada")) is None
    assert await find.count(query(since=NOW)) is None


async def test_all_leads_come_in_pages(find: FindLeads, many: Project) -> None:
    query = LeadQuery(project_id=many.project_id)

    found = [lead.lead_id async for lead in find.all(query)]
    few = [lead.lead_id async for lead in find.all(query, limit=501)]

    assert found == list(range(1, LEADS + 1))
    assert few == found[:501]


async def test_who_waits_for_all_hears_how_far_it_is(
    container: Container, many: Project, clock: StillClock
) -> None:
    slow = SlowArchive(container.archive(), clock, seconds=1.1)
    find = FindLeads(slow, clock)  # type: ignore[arg-type]
    query = LeadQuery(project_id=many.project_id, text="ada", newest_first=True)
    told: list[datetime] = []

    found = [lead async for lead in find.all(query, looked=told.append)]

    assert numbers(found) == RARE[::-1]
    assert told
    assert told == sorted(told, reverse=True)


async def test_whoever_goes_on_gets_to_the_end_however_slow_it_is(
    find: FindLeads, many: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SECONDS_TO_TELL", 0)
    query = LeadQuery(project_id=many.project_id, text="ada")

    assert numbers([lead async for lead in find.all(query, looked=lambda _: None)]) == RARE


async def test_time_that_goes_by_changes_nothing_for_whoever_waits_for_all(
    container: Container, many: Project, clock: StillClock
) -> None:
    find = FindLeads(SlowArchive(container.archive(), clock), clock)  # type: ignore[arg-type]
    query = LeadQuery(project_id=many.project_id, text="ada")

    assert numbers([lead async for lead in find.all(query)]) == RARE
