"""Which leads a command is about: its options, and what to say where there are none."""

import shlex
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

import typer

from domain.lead import REST
from domain.leads.origin import LONGEST
from domain.leads.query import LeadQuery
from domain.leads.sums import OTHERS
from domain.names import did_you_mean, folded
from domain.project import Project
from entrypoints.cli.options import end_of, moment_of

if TYPE_CHECKING:
    from entrypoints.container import Container


def _as_source(typed: str) -> str:
    return _as_campaign(typed).lower()  # as `domain.leads.origin` has them


def _as_campaign(typed: str) -> str:
    return typed.strip()[:LONGEST].strip()


def _part(typed: str | None) -> str | None:
    if typed is not None and not typed.strip():
        raise typer.BadParameter("say what to look for, such as a part of a name")
    return typed


OfChannel = Annotated[
    str | None,
    typer.Option(
        "--channel",
        metavar="C",
        parser=folded,  # names of channels are in small letters
        help="Only those of this channel, e.g. rest.",
    ),
]
OfSource = Annotated[
    str | None,
    typer.Option(
        "--source",
        metavar="S",
        parser=_as_source,
        help='Only those that this source brought, e.g. google; "" for those of which none is'
        " known.",
    ),
]
OfCampaign = Annotated[
    str | None,
    typer.Option(
        "--campaign",
        metavar="N",
        parser=_as_campaign,
        help='Only those of this campaign; "" for those of which none is known.',
    ),
]
Search = Annotated[
    str | None,
    typer.Option(
        "--search",
        metavar="TEXT",
        callback=_part,
        help="Only those with this in their name, e-mail address or phone number, whatever the"
        " case; or the lead with this number.",
    ),
]
NoContact = Annotated[
    bool,
    typer.Option(
        "--no-contact", help="Only those that left no name, e-mail address and phone number."
    ),
]


@dataclass(frozen=True, slots=True)
class Filters:
    """
    What the options ask for.

    Attributes:
        query: The leads, of no project yet.
        typed: The options as they may be typed again; empty where none was given.
    """

    query: LeadQuery
    typed: str

    def of(self, project: Project, *, newest_first: bool = False) -> LeadQuery:
        """Those leads of *project*."""
        return replace(self.query, project_id=project.project_id, newest_first=newest_first)


def filters(
    *,
    since: str | None,
    until: str | None,
    channel: str | None,
    source: str | None,
    campaign: str | None,
    search: str | None,
    no_contact: bool,
) -> Filters:
    """
    What the options ask for.

    Raises:
        typer.BadParameter: A moment is none.
    """
    query = LeadQuery(
        project_id="",
        since=moment_of(since),
        until=end_of(until),
        channel=channel,
        source=source,
        campaign=campaign,
        text=search,
        without_contact=no_contact,
    )
    values = {
        "--since": since,
        "--until": until,
        "--channel": channel,
        "--source": source,
        "--campaign": campaign,
        "--search": search,
    }
    typed = [f"{name} {shlex.quote(text)}" for name, text in values.items() if text is not None]
    return Filters(query, " ".join([*typed, "--no-contact"] if no_contact else typed))


async def nothing_found(container: "Container", project: Project, asked: Filters) -> str:
    """That a command finds no lead, and what may have been meant."""
    if not asked.typed:
        return "There are no leads yet."
    query, said = asked.query, f"No lead matches {asked.typed}."
    channels = (REST, *container.channels())
    if query.channel is not None and query.channel not in channels:
        said += f" No channel {query.channel!r} is switched on."
        said += did_you_mean(query.channel, channels)
    chunks = (await container.archive().sums([project.project_id]))[project.project_id]
    sums = [one for chunk in chunks for one in chunk.sums]
    return (
        said
        + _meant(query.source, {one.source for one in sums} - {OTHERS})
        + _meant(query.campaign, {one.campaign for one in sums} - {OTHERS})
    )


def _meant(asked: str | None, known: Collection[str | None]) -> str:
    return "" if not asked or asked in known else did_you_mean(asked, sorted(filter(None, known)))
