"""Which days an address asks for, what they are compared with, and how a page says it."""

from datetime import date

import pytest

from application.leads.report import Span
from entrypoints.console.spans import NAMED, USUAL, before, chosen, compared, named

TODAY = date(2026, 11, 25)
"""A Wednesday."""


def days(since: str, until: str) -> Span:
    return Span(date.fromisoformat(since), date.fromisoformat(until))


@pytest.mark.parametrize(
    ("name", "span", "earlier"),
    [
        ("Last 7 days", days("2026-11-19", "2026-11-25"), days("2026-11-12", "2026-11-18")),
        ("Last 30 days", days("2026-10-27", "2026-11-25"), days("2026-09-27", "2026-10-26")),
        ("Last 90 days", days("2026-08-28", "2026-11-25"), days("2026-05-30", "2026-08-27")),
        ("This week", days("2026-11-23", "2026-11-25"), days("2026-11-16", "2026-11-18")),
        ("Last week", days("2026-11-16", "2026-11-22"), days("2026-11-09", "2026-11-15")),
    ],
)
def test_days_with_a_name_are_compared_with_as_many_before_and_a_week_with_a_week(
    name: str, span: Span, earlier: Span
) -> None:
    found = next(one for one in NAMED if one.name == name)

    assert found.of(TODAY) == span
    assert named(span, TODAY) == found
    assert before(span) == earlier
    assert chosen(str(span.since), str(span.until), TODAY) == span


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("", ""),
        ("2026-11-01", ""),
        ("yesterday", "today"),
        ("2026-02-30", "2026-03-01"),
        ("2026-11-02", "2026-11-01"),
        ("2026-11-26", "2026-11-27"),
        ("2026-08-25", "2026-11-25"),
        ("0001-01-01", "0001-01-02"),
    ],
    ids=["none", "half", "words", "no day", "turned", "tomorrow", "too long", "before all"],
)
def test_an_address_may_name_no_days_for_a_picture(since: str, until: str) -> None:
    assert chosen(since, until, TODAY) is None


def test_days_that_are_chosen_end_today_at_the_latest() -> None:
    assert chosen("2026-11-01", "2026-11-30", TODAY) == days("2026-11-01", "2026-11-25")


@pytest.mark.parametrize(
    ("leads", "earlier", "sentence"),
    [
        (38, 26, "38 leads in the last 30 days, 12 more than in the 30 days before"),
        (1, 1200, "1 lead in the last 30 days, 1,199 fewer than in the 30 days before"),
        (5, 5, "5 leads in the last 30 days, as many as in the 30 days before"),
        (5, 0, "5 leads in the last 30 days, none in the 30 days before"),
        (0, 0, "No leads in the last 30 days, none in the 30 days before"),
    ],
)
def test_a_sentence_says_how_many_leads_there_are_and_what_has_changed(
    leads: int, earlier: int, sentence: str
) -> None:
    assert compared(leads, earlier, USUAL) == sentence


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (
            days("2026-11-03", "2026-11-04"),
            "2 leads in these 2 days, 1 more than in the 2 days before",
        ),
        (days("2026-11-03", "2026-11-03"), "2 leads on this day, 1 more than on the day before"),
        (
            days("2026-11-02", "2026-11-03"),
            "2 leads in these 2 days, 1 more than on the same days of the week before",
        ),
    ],
)
def test_days_without_a_name_say_what_they_are_compared_with(span: Span, said: str) -> None:
    assert compared(2, 1, named(span, TODAY)) == said
