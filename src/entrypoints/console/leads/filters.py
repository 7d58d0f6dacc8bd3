"""
Which leads a list shows: what its address asks for, as a query and in words.

The address is all that there is of it, so that a colleague who gets it sees the same leads.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from urllib.parse import urlencode

from application.leads.report import LeadReport
from domain.leads.origin import LONGEST
from domain.leads.query import UNKNOWN, LeadQuery
from domain.leads.sums import OTHERS
from entrypoints.console import words
from entrypoints.console.frame import times
from entrypoints.console.frame.forms import Form

NOT_KNOWN = "not known"
"""Typed as a source or a campaign: those leads of which nobody knows one."""
MOST_CHOICES = 20
NO_DAY = "Write a day like this: 2026-11-03."
NO_DAYS_BETWEEN = "This day is before the one in From: there is none between them."


class Said(NamedTuple):
    """A part of a sentence: *words* of ours, and behind them a *text* that may be anybody's."""

    words: str
    text: str = ""
    is_quoted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadFilter:
    """
    What is asked for; what is empty or None does not matter.

    Attributes:
        since, until: Days in UTC, both included.
    """

    search: str = ""
    channel: str = ""
    source: str = ""
    campaign: str = ""
    since: date | None = None
    until: date | None = None
    no_contact: bool = False

    @property
    def is_on(self) -> bool:
        """Whether less than all leads are shown."""
        return self != LeadFilter()

    def query(self, project_id: str) -> LeadQuery:
        """The leads of a project that are asked for, newest first."""
        return LeadQuery(
            project_id=project_id,
            since=_begin(self.since),
            until=_begin(_day_after(self.until)),
            channel=self.channel or None,
            source=_wanted(self.source.lower()),
            campaign=_wanted(self.campaign),
            text=self.search or None,
            without_contact=self.no_contact,
            newest_first=True,
        )

    def asked(self, **more: int) -> str:
        """What stands behind the path in an address, from its `?` on; empty if nothing does."""
        said = {
            "search": self.search,
            "channel": self.channel,
            "source": self.source,
            "campaign": self.campaign,
            "from": self.since,
            "to": self.until,
            "no_contact": "on" if self.no_contact else "",
            **more,
        }
        query = urlencode({name: value for name, value in said.items() if value})
        return f"?{query}" if query else ""

    def said(self, today: date) -> Sequence[Said]:
        """What is on, in words."""
        days = times.days_in_words(self.since, self.until, today)
        parts = [
            Said("with", self.search, is_quoted=True) if self.search else None,
            Said("without contact") if self.no_contact else None,
            Said("from", words.channel_name(self.channel)) if self.channel else None,
            _named("source", self.source),
            _named("campaign", self.campaign),
            Said(f"{days} (UTC)") if days else None,
        ]
        return [part for part in parts if part is not None]


class Choices(NamedTuple):
    """What a filter offers; any other source or campaign can be typed as well."""

    channels: Mapping[str, str]
    sources: Sequence[str]
    campaigns: Sequence[str]


def choices_of(report: LeadReport, channels: Sequence[str], wanted: LeadFilter) -> Choices:
    """The *channels* that there are, and what the leads of a report came from, by frequency."""
    found = [*dict.fromkeys([*channels, *report.by_channel_and_day])]
    if wanted.channel and wanted.channel not in found:
        found.append(wanted.channel)  # of an address that somebody has kept
    campaigns = [
        campaign
        for source, campaign in report.by_campaign
        if campaign != OTHERS
        and (not wanted.source or wanted.source.lower() == (source or NOT_KNOWN))
    ]
    sources = [source for source in report.by_source_and_day if source not in (None, OTHERS)]
    return Choices(
        channels={name: words.channel_name(name) for name in found},
        sources=[*sources[:MOST_CHOICES], NOT_KNOWN],
        campaigns=[*list(dict.fromkeys(filter(None, campaigns)))[:MOST_CHOICES], NOT_KNOWN],
    )


def meant_by(wanted: LeadFilter, report: LeadReport) -> LeadFilter | None:
    """
    The same with a campaign of the report that is written otherwise, by its case alone.

    None if there is none, or if the report has the one that is asked for: a store tells them apart.
    """
    named = dict.fromkeys(campaign for _, campaign in report.by_campaign)
    if wanted.campaign in named:
        return None
    asked = wanted.campaign.casefold()
    meant = next((one for one in named if one.casefold() == asked), None)
    return replace(wanted, campaign=meant) if meant else None


def wrong_days(form: Form) -> Mapping[str, str]:
    """What is wrong with the days that were typed, by the name of the field."""
    since, until = form.text("from"), form.text("to")
    wrong = {
        name: NO_DAY
        for name, text in (("from", since), ("to", until))
        if text.strip() and _day(text) is None
    }
    first, last = _day(since), _day(until)
    if first is not None and last is not None and last < first:
        wrong["to"] = NO_DAYS_BETWEEN
    return wrong


def filter_of(form: Form) -> LeadFilter:
    """What *form* asks for; a day that is none is left out."""
    return LeadFilter(
        search=form.text("search").strip(),
        channel=form.text("channel").strip(),
        source=_cut(form.text("source")),
        campaign=_cut(form.text("campaign")),
        since=_day(form.text("from")),
        until=_day(form.text("to")),
        no_contact=form.has("no_contact"),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _day_after(day: date | None) -> date | None:
    return None if day in (None, date.max) else day + timedelta(days=1)


def _begin(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), UTC)


def _cut(text: str) -> str:
    """As long as the names of sources and campaigns are."""
    return text.strip()[:LONGEST].strip()


def _wanted(name: str) -> str | None:
    if not name:
        return None
    return UNKNOWN if name.lower() == NOT_KNOWN else name


def _named(what: str, name: str) -> Said | None:
    if not name:
        return None
    return Said(f"{what} {NOT_KNOWN}") if _wanted(name) == UNKNOWN else Said(what, name)
