"""Which leads somebody looks for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from domain.lead import CONTACT, Lead
from domain.leads.sums import OTHERS, Chunk, Sum

UNKNOWN = ""
"""As a source or campaign: those leads of which nobody knows one."""
LONGEST_NUMBER = 18
"""No number of a lead has more digits."""
FEWEST_DIGITS = 3
"""So many digits look for a phone number however it is written; fewer are in too many."""
LONGEST_TEXT = 255
"""No field that is looked in is longer; what is looked for is cut there."""
_NO_DIGITS = re.compile(r"[^0-9]")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadQuery:
    """
    Which leads of a project are wanted; what is None does not matter.

    Attributes:
        since: Captured at this moment or later.
        until: Captured before this moment.
        channel: Of this channel only.
        source, campaign: Where they came from, as `domain.leads.origin` names it, or `UNKNOWN`.
        text: A part of the name, the e-mail address or the phone number, whatever the case, or
            the number of the lead. Phone numbers are compared by their digits, too, whatever zeros
            are before those that are looked for.
        without_contact: Only those that left no name, no e-mail address and no phone number.
        newest_first: From the highest `lead_id` down, else from the lowest up.
    """

    project_id: str
    since: datetime | None = None
    until: datetime | None = None
    channel: str | None = None
    source: str | None = None
    campaign: str | None = None
    text: str | None = None
    without_contact: bool = False
    newest_first: bool = False

    def __post_init__(self) -> None:
        """Leave out what no store has in a text, so that each can be asked for it."""
        for name in ("channel", "source", "campaign", "text"):
            if (said := getattr(self, name)) is not None:
                object.__setattr__(self, name, _sayable(said))

    @property
    def part(self) -> str:
        """What is looked for in a contact, folded as `str.casefold` does it."""
        return (self.text or "").strip()[:LONGEST_TEXT].casefold()

    @property
    def digits(self) -> str | None:
        """
        The digits that are looked for in a phone number, without zeros before them.

        A number has these at home, and on the way abroad: `0170 …` and `0049 170 …` are one that
        was left as `+49 170 …`. None where the text is no part of a number.
        """
        text = self.part
        digits = digits_in(text)
        if len(digits) < FEWEST_DIGITS or any(map(str.isalpha, text)):
            return None
        shorter = digits.lstrip("0")
        return shorter if len(shorter) >= FEWEST_DIGITS else digits

    @property
    def is_filtered(self) -> bool:
        """Whether it wants less than all leads."""
        return self != LeadQuery(project_id=self.project_id, newest_first=self.newest_first)

    @property
    def looks_inside(self) -> bool:
        """Whether leads must be read to know which are wanted; sums do not say it."""
        return self.text is not None or self.without_contact

    def finds_in(self, lead: Lead) -> bool:
        """Whether *lead* says what is looked for; all else a store has judged."""
        if self.without_contact and lead.details.has_contact:
            return False
        return self.text is None or self._is_said_by(lead)

    def _is_said_by(self, lead: Lead) -> bool:
        if number_of(self.part) == lead.lead_id:
            return True
        said = (getattr(lead.details, name) for name in CONTACT)
        if any(self.part in value.casefold() for value in said if value):
            return True
        return self.digits is not None and self.digits in digits_in(lead.details.phone or "")

    def may_be_in(self, chunk: Chunk) -> bool:
        """Whether a wanted lead may be among those of *chunk*."""
        asked = ((self.source, chunk.sources), (self.campaign, chunk.campaigns))
        if not all(
            wanted is None or (wanted or None) in named or OTHERS in named
            for wanted, named in asked
        ):
            return False
        return any(True for _ in self.sums_in(chunk))

    def sums_in(self, chunk: Chunk) -> Iterator[Sum]:
        """
        The sums of *chunk* in which some leads may be wanted.

        A project has a hundred thousand sums and more, so that each is asked no more than it must.
        """
        first = date.min if self.since is None else self.since.astimezone(UTC).date()
        end = date.max if self.until is None else _first_day_from(self.until)
        any_source, any_campaign = self.source is None, self.campaign is None
        sources = (self.source or None, OTHERS)
        campaigns = (self.campaign or None, OTHERS)
        for one in chunk.sums:
            day, channel, source, campaign, _ = one
            if (
                (any_source or source in sources)
                and (any_campaign or campaign in campaigns)
                and self.channel in (None, channel)
                and first <= day < end
            ):
                yield one

    def counts(self, one: Sum) -> bool:
        """Whether all leads in *one*, of which some may be wanted, are."""
        asked = ((self.source, one.source), (self.campaign, one.campaign))
        return all(wanted is None or found != OTHERS for wanted, found in asked)


def digits_in(text: str) -> str:
    """The digits of *text* alone, by which numbers are compared however they are written."""
    return _NO_DIGITS.sub("", text)


def number_of(text: str) -> int | None:
    """The lead's number that *text* is, also with a `#` before it; None if it is none."""
    number = text.strip().removeprefix("#")
    return (
        int(number)
        if number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER
        else None
    )


def _first_day_from(moment: datetime) -> date:
    """The first day, in UTC, all of which is at *moment* or later."""
    day = moment.astimezone(UTC)
    return day.date() if day.time() == time() else day.date() + timedelta(days=1)


def _sayable(text: str) -> str:
    """*text* without what is no character, and without those that end a text in some stores."""
    return text.encode(errors="ignore").decode().replace("\0", "")
