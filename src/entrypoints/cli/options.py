"""Arguments and options that commands share."""

import re
import shlex
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from domain.allowlist import entries_in

_AGO = re.compile(r"([1-9][0-9]{0,4})([mhd])")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FIRST_DAY = datetime(1, 1, 1, tzinfo=UTC)
_LAST_DAY = datetime(9999, 12, 30, tzinfo=UTC)
"""There is another one behind it, at which it ends."""
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def _one_domain_at_a_time(option: typer.CallbackParam, given: list[str] | None) -> list[str] | None:
    """Refuse `--domain a.com,b.com`, with the line that says what is meant."""
    if any(len(entries_in(text)) > 1 for text in given or ()):
        each = [shlex.quote(entry) for text in given or () for entry in entries_in(text)]
        line = " ".join(f"{option.opts[0]} {entry}" for entry in each)
        raise typer.BadParameter(f"repeat the option for each domain: {line}")
    return given


ProjectName = Annotated[str, typer.Argument(metavar="PROJECT", help="A project's id or name.")]
NewName = Annotated[
    str | None,
    typer.Option("--name", metavar="NAME", help="Another name. The id stays, and so do the keys."),
]
Domains = Annotated[
    list[str] | None,
    typer.Option(
        "--domain",
        metavar="D",
        help="A domain whose pages may send leads: acme.com (with and without www.), *.acme.com"
        " (subdomains only), https://acme.com:8443. Repeat it for more; without any, every page"
        " may.",
        callback=_one_domain_at_a_time,
    ),
]
AddedDomains = Annotated[
    list[str] | None,
    typer.Option(
        "--add-domain",
        metavar="D",
        help="Allow the pages of this domain. Repeat it for more.",
        callback=_one_domain_at_a_time,
    ),
]
RemovedDomains = Annotated[
    list[str] | None,
    typer.Option(
        "--remove-domain",
        metavar="D",
        help="Take this domain off the list. Repeat it for more.",
        callback=_one_domain_at_a_time,
    ),
]
Limit = Annotated[
    str | None,
    typer.Option("--monthly-limit", metavar="N", help="Leads per calendar month (UTC), or none."),
]
RequireOrigin = Annotated[
    bool | None,
    typer.Option(
        "--require-origin/--no-require-origin",
        help="Refuse calls with neither Origin nor Referer; those of servers have none.",
    ),
]
ReleaseHeldEachMonth = Annotated[
    bool | None,
    typer.Option(
        "--release-held-each-month/--no-release-held-each-month",
        help="Let what is held because a month was full become leads in the next months.",
    ),
]
ReleaseHeldCalls = Annotated[
    bool | None,
    typer.Option(
        "--release-held-calls/--no-release-held-calls",
        help="Let calls of the lead path that are held because a month was full become leads by"
        " themselves, as what a webhook brought does. Their senders got a 429.",
    ),
]
Lenient = Annotated[
    bool | None,
    typer.Option(
        "--lenient/--no-lenient",
        help="Refuse no lead for a field that does not fit: keep it as an attribute. A call may"
        " prefer otherwise.",
    ),
]
_AT_T_OR_LATER = (
    "at time T or later: 2026-11-01, 2026-11-01T08:30 (UTC unless it says otherwise),"
    " or how long ago: 30m, 24h, 7d."
)
CapturedSince = Annotated[
    str | None,
    typer.Option("--since", metavar="T", help=f"Only what was captured {_AT_T_OR_LATER}"),
]
CapturedUntil = Annotated[
    str | None,
    typer.Option(
        "--until",
        metavar="T",
        help="Only what was captured before time T; a day, such as 2026-11-30, is included.",
    ),
]
SentSince = Annotated[
    str | None,
    typer.Option("--since", metavar="T", help=f"Only what was sent last {_AT_T_OR_LATER}"),
]


def moment_of(typed: str | None, option: str = "--since") -> datetime | None:
    """
    The moment that *option* names, in UTC; None if it was not given.

    Raises:
        typer.BadParameter: It is no moment.
    """
    if typed is None:
        return None
    if ago := _AGO.fullmatch(typed):
        return datetime.now(UTC) - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    try:
        moment = datetime.fromisoformat(typed)
    except ValueError:
        raise typer.BadParameter(
            "must be like 2026-11-01, 2026-11-01T08:30 or 24h", param_hint=option
        ) from None
    return _in_utc(moment)


def end_of(typed: str | None) -> datetime | None:
    """
    The moment that `--until` names, in UTC, at the end of it if it is a day.

    Raises:
        typer.BadParameter: It is no moment.
    """
    moment = moment_of(typed, "--until")
    if moment is None or typed is None or not _DAY.fullmatch(typed):
        return moment
    return min(moment, _LAST_DAY) + timedelta(days=1)


def _in_utc(moment: datetime) -> datetime:
    """*moment*, which is UTC unless it says otherwise, or the nearest one that UTC has."""
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # in the first or last hours of all years
        return _FIRST_DAY if moment.year == 1 else _LAST_DAY + timedelta(days=1)


def refuse_nothing(*options: object) -> None:
    """
    Refuse a change that changes nothing.

    Raises:
        typer.BadParameter: None of the options was given.
    """
    if all(option is None for option in options):
        raise typer.BadParameter("say what to change; --help shows how")
