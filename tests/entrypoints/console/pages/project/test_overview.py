"""The first page of a project: how many leads came, and from where."""

import html
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

import pytest

from application.leads.report import LeadReport, Span
from domain.lead import LeadDetails
from domain.leads.sums import OTHERS, DayCounts
from domain.plan import Month
from entrypoints.console.pages.project.overview import MOST_BYTES, MOST_ROWS, Links, Row, share
from entrypoints.container import Container
from tests.contracts.recording import record
from tests.entrypoints.console.browser import Browser, Page, signed_in
from tests.entrypoints.console.pages.project.leads import with_leads
from tests.support.builders import a_capture
from tests.support.program import Server
from tests.support.stores import Account, Store

DAY = timedelta(days=1)


def today() -> date:
    return datetime.now(UTC).date()


@pytest.fixture(scope="module")
def busy(store: Store) -> Account:
    """A project with leads of two sources, of which one has a campaign, in five weeks."""
    project = store.account(monthly_limit=500)
    with_leads(store, project, 3, ago=35 * DAY, source="facebook")
    with_leads(store, project, 5, ago=10 * DAY, source="google", campaign="Spring & sale")
    with_leads(store, project, 2, ago=3 * DAY, channel="whatsapp")
    with_leads(store, project, 4, source="google", campaign="Spring & sale")
    return project


def opened(browser: Browser, account: Account, **query: str) -> Page:
    return browser.get(f"/projects/{account.project_id}?{urlencode(query)}")


def span(since: date, until: date) -> dict[str, str]:
    return {"from": str(since), "to": str(until)}


def links(page: Page, below: str) -> Sequence[str]:
    """The addresses of the page that lead to *below* or to the same with another query."""
    found = re.findall(rf'href="(/console/projects/\w+{below}\?[^"]*)"', page.text)
    return [html.unescape(link) for link in found]


def legend(page: Page) -> dict[str, str]:
    """The class of the colour of each name."""
    return {
        html.unescape(name): colour
        for colour, name in re.findall(
            r'<li><span class="(c\d)" aria-hidden="true">\S</span> <bdi>([^<]+)</bdi>', page.text
        )
    }


def test_a_project_without_a_lead_says_what_to_do_first(store: Store, admin: Browser) -> None:
    project = store.account()
    path = f"/projects/{project.project_id}"
    before = admin.get(path)
    with_leads(store, project, 1)
    after = admin.get(path)

    assert "No lead has come yet." in before.words
    for below in ("/first-steps", "/settings/keys", "/settings/whatsapp", "/settings/google_ads"):
        assert f'href="/console{path}{below}"' in before.text
    assert "No lead has come yet." not in after.words
    assert "Ada \u2013 just now" in after.words


def test_a_full_month_says_until_when_and_who_may_raise_the_limit(
    server: Server, store: Store, admin: Browser
) -> None:
    project = store.account(monthly_limit=1)
    with_leads(store, project, 1, held=2)
    her = signed_in(server, store, "full@example.com", projects=(project.project_id,))
    path = f"/projects/{project.project_id}"
    for_admin, for_member = admin.get(path), her.get(path)

    assert f'href="/console{path}/settings#monthly_limit"' in for_admin.text
    assert "Raise the limit" not in for_member.words
    assert "Ask your administrator to raise the limit." in for_member.words
    for page in (for_admin, for_member):
        assert "1 of 1 Full" in page.words
        assert "Waiting 2" in page.words
        assert f'datetime="{Month.of(datetime.now(UTC)).next().begins_at():%Y-%m-%dT}' in page.text


def test_it_says_how_many_leads_there_are_and_what_has_changed(
    admin: Browser, busy: Account
) -> None:
    words = opened(admin, busy).words

    assert "14 of 500" in words
    assert "Last 7 days 6 5 in the 7 days before" in words
    assert "11 leads in the last 30 days, 8 more than in the 30 days before" in words
    assert "google 9 82 %" in words
    assert "Not known 2 18 %" in words
    assert "Spring & sale google 9 82 %" in words


def test_places_of_this_month_are_compared_with_places_of_the_month_before(
    store: Store, admin: Browser
) -> None:
    project = store.account()
    with_leads(store, project, 3, ago=45 * DAY)  # released today
    with_leads(store, project, 2, month=Month.of(datetime.now(UTC)).before())

    assert "Leads this month 3 2 in the month before" in opened(admin, project).words


def test_the_picture_has_a_colour_and_a_word_for_each_source_and_the_numbers_as_a_table(
    admin: Browser, busy: Account
) -> None:
    page = opened(admin, busy)
    usual, longer = legend(page), legend(opened(admin, busy, **span(today() - 89 * DAY, today())))

    assert usual.keys() == {"google", "Not known"}
    assert longer.keys() == {"google", "Not known", "facebook"}
    assert usual.items() < longer.items()
    for colour in usual.values():
        assert re.search(rf'<path class="{colour}" d="M\d+ \d+h\d+v\d+h-\d+z', page.text)
    assert 'role="img" aria-labelledby="picture"' in page.text
    assert ">today</text>" in page.text
    assert "today is not over" in page.words
    heads = re.findall(r'<th scope="col"><bdi>([^<]+)</bdi>', page.text)
    rows = re.findall(r'<tr><th scope="row">([^<]+)</th>((?:<td>[\d,]+</td>)+)</tr>', page.text)
    assert len(rows) == 30
    day, cells = rows[-4]
    assert day.endswith(f" {(today() - 3 * DAY).day} {today() - 3 * DAY:%b}")
    found = dict(zip([*heads, "All"], re.findall(r"\d+", cells), strict=True))
    assert found == {"google": "0", "Not known": "2", "All": "2"}


def test_by_channel_the_colours_are_those_of_channels(admin: Browser, busy: Account) -> None:
    page = opened(admin, busy, by="channel")

    assert legend(page).keys() == {"Website or API", "WhatsApp"}
    assert all("by=channel" in link for link in links(page, "")[:-2])
    assert f"/console/projects/{busy.project_id}" in page.text


def test_each_source_and_campaign_leads_to_its_leads_of_these_days(
    admin: Browser, busy: Account
) -> None:
    days = span(today() - 12 * DAY, today() - DAY)
    found = links(opened(admin, busy, **days), "/leads")

    path = f"/console/projects/{busy.project_id}/leads"
    assert found == [
        f"{path}?{urlencode({'source': 'google', **days})}",
        f"{path}?{urlencode({'source': 'not known', **days})}",
        f"{path}?{urlencode({'source': 'google', 'campaign': 'Spring & sale', **days})}",
    ]


def test_days_are_chosen_by_links_and_the_chosen_ones_are_marked(
    admin: Browser, busy: Account
) -> None:
    page = opened(admin, busy)
    assert re.findall(r'aria-current="true">([^<]+)</a>', page.text)[-2:] == [
        "Last 30 days",
        "By source",
    ]

    monday = today() - timedelta(days=today().weekday() + 7)
    last_week = span(monday, monday + 6 * DAY)
    assert f"/console/projects/{busy.project_id}?{urlencode(last_week)}" in links(page, "")
    words = opened(admin, busy, **last_week).words
    assert re.search(r"\w+ leads? last week, .* in the week before", words)
    assert "today is not over" not in words


def test_days_that_cannot_be_shown_are_said_to_be_odd(admin: Browser, busy: Account) -> None:
    odd = opened(admin, busy, **span(today() - 92 * DAY, today())).words
    usual = opened(admin, busy).words

    assert "names no days that can be shown" in odd
    assert "11 leads in the last 30 days" in odd
    assert "names no days that can be shown" not in usual


def test_days_without_a_lead_have_a_picture_that_says_so(admin: Browser, busy: Account) -> None:
    words = opened(admin, busy, **span(today() - 20 * DAY, today() - 15 * DAY)).words

    assert "No leads in these 6 days, none" in words
    assert words.count("No lead came on these days.") == 2


def test_of_very_many_sources_the_page_names_the_first_and_counts_the_others(
    admin: Browser, store: Store
) -> None:
    project = store.account()
    sources = [f"site{number}.example" for number in range(MOST_ROWS + 5)]

    async def fill(container: Container) -> None:
        kept = await container.projects().find(project.project_id)
        assert kept is not None
        captures = [
            a_capture(kept, captured_at=datetime.now(UTC), details=LeadDetails(utm=utm))
            for utm in ({"utm_source": one} for one in sources + sources[:MOST_ROWS])
        ]
        await record(container.ledger(), *captures)

    store.use(fill)
    page = opened(admin, project)

    assert len(links(page, "/leads")) == MOST_ROWS
    assert "Others 5 11 %" in page.words
    assert len(legend(page)) == 9
    assert legend(page)["Others"] == "c0"


def report_of(by_campaign: Mapping[tuple[str | None, str], int]) -> LeadReport:
    leads = sum(by_campaign.values())
    counts = DayCounts(today(), leads, {"rest": leads}, {"google": leads}, dict(by_campaign))
    return LeadReport(today(), today(), [counts])


def of_today() -> Links:
    return Links("/projects/prj_1", Span(today(), today()), "source", today())


def test_campaigns_that_are_not_told_apart_are_one_row_without_a_link() -> None:
    leads = {("google", "Spring"): 3, ("google", OTHERS): 4, (None, OTHERS): 3}
    named, others = of_today().campaigns(report_of(leads))

    assert (named.name, named.leads) == ("Spring", 3)
    assert others == Row("Others", 7, "70\xa0%", None)
    assert of_today().campaigns(report_of({(OTHERS, OTHERS): 1}))[0].name == "Others"


@pytest.mark.parametrize("letter", ["&", "\u0436", "\U0001f600"])
def test_of_very_long_names_there_are_fewer_so_that_the_page_stays_light(letter: str) -> None:
    leads = {(letter * 100, f"{number:02}{letter * 98}"): 1 for number in range(MOST_ROWS)}
    *named, others = of_today().campaigns(report_of(leads))

    assert named
    assert sum(row.weight for row in named) <= MOST_BYTES
    assert len(named) + others.leads == MOST_ROWS


@pytest.mark.parametrize(
    ("leads", "said"), [(1, "< 1 %"), (6, "1 %"), (995, "99 %"), (999, "99 %"), (1000, "100 %")]
)
def test_a_share_is_neither_nothing_nor_all_unless_it_is(leads: int, said: str) -> None:
    assert share(leads, 1000).replace("\xa0", " ") == said
