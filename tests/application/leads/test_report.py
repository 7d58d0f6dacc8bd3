"""How many leads came, by day and origin."""

from datetime import date, timedelta

import pytest

from application.leads.report import REMEMBERED_SECONDS, ReportLeads, Span
from domain.lead import LeadDetails
from domain.project import Project
from entrypoints.container import Container
from tests.contracts.recording import record
from tests.support.builders import a_capture
from tests.support.clocks import StillClock


@pytest.fixture
def report(container: Container) -> ReportLeads:
    return container.report_leads()


async def lead(
    container: Container, project: Project, days_ago: int, *, channel: str = "rest", **utm: str
) -> None:
    at = container.clock().now() - timedelta(days=days_ago)
    named = {f"utm_{name}": value for name, value in utm.items()}
    details = LeadDetails(utm=named)
    await record(
        container.ledger(),
        a_capture(project, captured_at=at, channel=channel, details=details),
    )


async def test_a_report_has_every_day_and_the_most_frequent_first(
    report: ReportLeads, container: Container, project: Project, clock: StillClock
) -> None:
    today = clock.now().date()
    for days_ago, channel, utm in (
        (0, "rest", {"source": "Google", "campaign": "Spring"}),
        (0, "rest", {"source": "google"}),
        (1, "whatsapp", {}),
        (2, "rest", {"source": "bing", "campaign": "Spring"}),
        (2, "rest", {"source": "google", "campaign": "Spring"}),
        (3, "rest", {}),
        (5, "rest", {}),
        (6, "rest", {}),
    ):
        await lead(container, project, days_ago, channel=channel, **utm)

    found = await report(project.project_id, today - timedelta(days=2), today)

    days = [today - timedelta(days=2), today - timedelta(days=1), today]
    assert found.days == days
    assert found.leads == 5
    assert [(name, list(counts.values())) for name, counts in found.by_channel_and_day.items()] == [
        ("rest", [2, 0, 2]),
        ("whatsapp", [0, 1, 0]),
    ]
    assert [(name, list(counts.values())) for name, counts in found.by_source_and_day.items()] == [
        ("google", [1, 0, 2]),
        ("bing", [1, 0, 0]),
        (None, [0, 1, 0]),
    ]
    assert list(found.by_campaign.items()) == [(("google", "Spring"), 2), (("bing", "Spring"), 1)]


async def test_several_spans_are_reported_each_by_itself(
    report: ReportLeads, container: Container, project: Project, clock: StillClock
) -> None:
    for days_ago in (0, 1, 8, 400):
        await lead(container, project, days_ago)
    today, day = clock.now().date(), timedelta(days=1)
    spans = [
        Span(today, today),
        Span(today - 6 * day, today),
        Span(today - 13 * day, today - 7 * day),
        Span(date.min, date.min + day),
    ]

    found = await report.of_spans(project.project_id, spans)

    assert [one.leads for one in found] == [1, 2, 1, 0]
    assert [(one.since, one.until) for one in found] == spans


async def test_the_last_days_end_with_today(
    report: ReportLeads, container: Container, project: Project, other: Project
) -> None:
    for days_ago in (0, 1, 1, 29, 30):
        await lead(container, project, days_ago)
    await lead(container, other, 3)

    found = await report.last_days([project.project_id, other.project_id], 30)

    assert found[project.project_id] == [1, *[0] * 27, 2, 1]
    assert found[other.project_id] == [*[0] * 26, 1, 0, 0, 0]


async def test_the_last_days_of_many_projects_may_be_a_minute_old(
    report: ReportLeads,
    container: Container,
    project: Project,
    other: Project,
    clock: StillClock,
) -> None:
    both = [project.project_id, other.project_id]
    await lead(container, project, 0)
    first = await report.last_days([project.project_id], 2)
    for one in (project, other):
        await lead(container, one, 0)

    clock.advance(REMEMBERED_SECONDS - 1)
    second = await report.last_days(both, 2)
    clock.advance(1)
    third = await report.last_days(both, 2)

    assert first == {project.project_id: [0, 1]}
    assert second == {project.project_id: [0, 1], other.project_id: [0, 1]}
    assert third == {project.project_id: [0, 2], other.project_id: [0, 1]}


async def test_nobody_has_nothing(report: ReportLeads, project: Project) -> None:
    found = await report(project.project_id, date(2026, 1, 1), date(2026, 1, 2))

    assert (found.leads, found.by_campaign) == (0, {})
