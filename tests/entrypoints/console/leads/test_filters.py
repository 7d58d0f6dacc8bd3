"""What the address of a list asks for, as a query and in words."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import parse_qs

import pytest

from application.leads.report import LeadReport
from domain.leads.query import UNKNOWN
from domain.leads.sums import OTHERS
from entrypoints.console.frame.forms import Form
from entrypoints.console.leads.filters import (
    MOST_CHOICES,
    NO_DAY,
    NO_DAYS_BETWEEN,
    NOT_KNOWN,
    LeadFilter,
    choices_of,
    filter_of,
    meant_by,
    wrong_days,
)

TODAY = date(2026, 11, 29)


def form(**fields: str) -> Form:
    return Form({name.removesuffix("_"): [text] for name, text in fields.items()})


def report(**of: Any) -> LeadReport:
    """It says nothing but what is given."""
    nothing = {"by_channel_and_day": {}, "by_source_and_day": {}, "by_campaign": {}}
    return cast("LeadReport", SimpleNamespace(**(nothing | of)))


def test_both_days_are_included_in_utc() -> None:
    query = filter_of(form(from_="2026-11-01", to="2026-11-07")).query("p")

    assert query.since == datetime(2026, 11, 1, tzinfo=UTC)
    assert query.until == datetime(2026, 11, 8, tzinfo=UTC)


def test_the_last_day_that_there_is_has_no_end() -> None:
    assert filter_of(form(to="9999-12-31")).query("p").until is None


def test_a_source_is_looked_for_in_small_letters_and_a_name_as_far_as_it_counts() -> None:
    query = filter_of(form(source=" Google ", campaign="W" * 101)).query("p")

    assert (query.source, query.campaign) == ("google", "W" * 100)


def test_not_known_looks_for_those_of_which_nobody_knows_one() -> None:
    query = filter_of(form(source=NOT_KNOWN, campaign=NOT_KNOWN.title())).query("p")

    assert (query.source, query.campaign) == (UNKNOWN, UNKNOWN)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"from_": "yesterday", "to": "2026-02-30"}, {"from": NO_DAY, "to": NO_DAY}),
        ({"from_": "2026-11-07", "to": "2026-11-01"}, {"to": NO_DAYS_BETWEEN}),
        ({"from_": "2026-11-07", "to": "2026-11-07"}, {}),
        ({"from_": " ", "to": ""}, {}),
    ],
)
def test_a_day_that_is_none_is_named(fields: dict[str, str], wrong: dict[str, str]) -> None:
    assert wrong_days(form(**fields)) == wrong


def test_its_address_asks_for_the_same_again() -> None:
    wanted = LeadFilter(
        search="a&b=c", channel="rest", source="ä", since=TODAY, until=TODAY, no_contact=True
    )

    assert filter_of(Form(parse_qs(wanted.asked()[1:]))) == wanted
    assert LeadFilter().asked() == ""


def test_what_is_on_is_said_and_what_a_sender_wrote_stands_apart() -> None:
    wanted = LeadFilter(search="ada", source=NOT_KNOWN, campaign="Spring", no_contact=True)

    assert wanted.said(TODAY) == [
        ("with", "ada", True),
        ("without contact", "", False),
        ("source not known", "", False),
        ("campaign", "Spring", False),
    ]


def test_the_campaigns_of_the_source_that_is_wanted_are_offered_the_most_frequent_first() -> None:
    campaigns = {("google", "spring"): 3, ("news", "may"): 2, (None, "?"): 1, ("google", "may"): 1}
    found = report(by_campaign=campaigns)

    assert choices_of(found, [], LeadFilter()).campaigns == ["spring", "may", "?", NOT_KNOWN]
    ours = choices_of(found, [], LeadFilter(source="Google"))
    assert ours.campaigns == ["spring", "may", NOT_KNOWN]


def test_so_many_are_offered_and_channels_that_are_in_use_or_asked_for() -> None:
    sources = {None: {}, OTHERS: {}, **{f"s{number}": {} for number in range(2 * MOST_CHOICES)}}
    found = report(by_source_and_day=sources, by_channel_and_day={"old": {}})
    choices = choices_of(found, ["rest"], LeadFilter(channel="typed"))

    assert choices.sources == [f"s{number}" for number in range(MOST_CHOICES)] + [NOT_KNOWN]
    assert [*choices.channels] == ["rest", "old", "typed"]


@pytest.mark.parametrize(
    ("asked", "meant"),
    [("spring", "Spring"), ("STRASSE", "Straße"), ("Spring", None), ("May", None), ("", None)],
)
def test_a_campaign_that_is_written_otherwise_by_its_case_alone_is_the_one_that_is_meant(
    asked: str, meant: str | None
) -> None:
    known = report(by_campaign={("google", "Spring"): 3, (None, "SPRING"): 2, ("a", "Straße"): 1})

    found = meant_by(LeadFilter(source="google", campaign=asked), known)
    assert found == (LeadFilter(source="google", campaign=meant) if meant else None)
