"""`swiftcrm lead …`."""

import sys
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from application.ports.lead_archive import LeadArchive
from domain.errors import NotFound
from domain.lead import REST, Lead, LeadDetails
from domain.leads.query import LeadQuery
from domain.names import did_you_mean, folded
from entrypoints.cli.failures import NewContainer, run
from entrypoints.cli.options import CapturedSince, ProjectName, moment_of
from entrypoints.cli.output import (
    AsJson,
    Show,
    counter,
    hint,
    print_facts,
    print_json,
    print_table,
)
from entrypoints.exports.columns import (
    ALL_COLUMNS,
    COLUMNS,
    OBJECTS,
    Column,
    UnknownColumn,
    columns_named,
)
from entrypoints.exports.csv_format import csv_format
from entrypoints.exports.lead_json import lead_json
from entrypoints.exports.ndjson import NDJSON
from entrypoints.exports.paging import leads_of
from entrypoints.exports.wide import MOST_KEYS, wide_columns

if TYPE_CHECKING:
    from entrypoints.container import Container

NO_CONTACT = "(no contact)"
"""Stands for the name of somebody who left no name, no e-mail address and no phone number."""

_OfChannel = Annotated[
    str | None,
    typer.Option(
        "--channel",
        metavar="C",
        parser=folded,  # names of channels are in small letters
        help="Only those of this channel, e.g. rest.",
    ),
]


class Format(StrEnum):
    """What an export can be."""

    CSV = "csv"
    NDJSON = "ndjson"


_Form = Annotated[
    Format,
    typer.Option(
        "--format", case_sensitive=False, help="csv for spreadsheets, ndjson for programs."
    ),
]
_Columns = Annotated[
    str | None,
    typer.Option(
        "--columns",
        metavar="A,B",
        help="Only these columns, in this order: name,email,attributes.budget,utm.utm_source."
        " A name with a comma in it stands in double quotes.",
    ),
]
_Wide = Annotated[
    bool,
    typer.Option(
        "--wide",
        help="Give each key of attributes and utm a column of its own, at most"
        f" {MOST_KEYS}, the most frequent ones.",
    ),
]
_Excel = Annotated[
    bool,
    typer.Option("--excel", help="Begin with the byte order mark by which Excel knows UTF-8."),
]


@dataclass(frozen=True)
class _Shape:
    """What an export is to look like; *wide* adds the columns that the leads need."""

    form: Format
    columns: Sequence[Column]
    wide: bool
    excel: bool


def lead_commands(new_container: NewContainer) -> typer.Typer:
    """List, show and export leads."""
    commands = typer.Typer(help="List, show and export leads.", no_args_is_help=True)
    _add_reading(commands, new_container)
    _add_export(commands, new_container)
    return commands


def _add_reading(commands: typer.Typer, new_container: NewContainer) -> None:
    @commands.command("list")
    def list_leads(
        project: ProjectName,
        since: CapturedSince = None,
        channel: _OfChannel = None,
        limit: Annotated[int, typer.Option(min=1, metavar="N", help="Show at most N.")] = 100,
        as_json: AsJson = False,
    ) -> None:
        """
        List the leads of a project, newest first.

        \b
        swiftcrm lead list "Acme Ltd" --since 24h --channel whatsapp
        """
        moment = moment_of(since)

        async def use(container: "Container") -> list[Lead]:
            found = await container.find_project()(project)
            query = LeadQuery(
                project_id=found.project_id, since=moment, channel=channel, newest_first=True
            )
            leads = [lead async for lead in leads_of(container.archive(), query, limit=limit)]
            if not leads and not as_json:
                hint(_nothing_found(since, channel, container.channels()))
            return leads

        leads = run(new_container, use)
        if len(leads) == limit:
            hint(f"No more than {limit} are shown, the newest; --limit N shows more.")
        if as_json:
            print_json([lead_json(lead) for lead in leads])
            return
        rows = [
            (lead.lead_id, lead.captured_at, lead.channel, *_contact_of(lead.details))
            for lead in leads
        ]
        print_table(("LEAD_ID", "CAPTURED_AT", "CHANNEL", "NAME", "EMAIL", "PHONE"), rows)

    @commands.command("show")
    def show(
        project: ProjectName,
        lead_id: Annotated[
            int,
            typer.Argument(
                min=1, metavar="LEAD_ID", help="The lead's number, as `lead list` shows it."
            ),
        ],
        as_json: AsJson = False,
    ) -> None:
        """
        Show all of one lead, with its messages.

        \b
        swiftcrm lead show "Acme Ltd" 17 --json
        """

        async def use(container: "Container") -> Lead:
            found = await container.find_project()(project)
            lead = await container.archive().get(found.project_id, lead_id)
            if lead is None:
                raise NotFound(f"{found.name} has no lead {lead_id}.")
            return lead

        shown = lead_json(run(new_container, use))
        print_json(shown) if as_json else print_facts(shown)


def _add_export(commands: typer.Typer, new_container: NewContainer) -> None:
    @commands.command("export")
    def export_leads(
        project: ProjectName,
        since: CapturedSince = None,
        channel: _OfChannel = None,
        form: _Form = Format.CSV,
        columns: _Columns = None,
        wide: _Wide = False,
        excel: _Excel = False,
    ) -> None:
        """
        Write the leads of a project to standard output, oldest first.

        In CSV, attributes and utm are JSON, without what has a column of its own. What a
        spreadsheet would run as a formula gets an apostrophe before it.

        \b
        swiftcrm lead export "Acme Ltd" --since 7d --wide > leads.csv
        swiftcrm lead export "Acme Ltd" --columns name,email,utm.utm_source > ads.csv
        swiftcrm lead export "Acme Ltd" --format ndjson > leads.ndjson
        """
        moment, shape = moment_of(since), _shape(form, columns, wide=wide, excel=excel)

        async def use(container: "Container") -> int:
            found = await container.find_project()(project)
            query = LeadQuery(project_id=found.project_id, since=moment, channel=channel)
            count = await _export(container.archive(), query, shape)
            if not count:
                hint(_nothing_found(since, channel, container.channels()))
            return count

        count = run(new_container, use)
        if count and not sys.stdout.isatty():
            hint(f"{count:,} leads were written." if count > 1 else "1 lead was written.")


def _shape(form: Format, columns: str | None, *, wide: bool, excel: bool) -> _Shape:
    """
    What the options ask for.

    Raises:
        typer.BadParameter: Two of them exclude each other, or there is no such column.
    """
    asked = {"--columns": columns is not None, "--wide": wide, "--excel": excel}
    for_csv = [option for option, given in asked.items() if given]
    if form is Format.NDJSON and for_csv:
        raise typer.BadParameter(f"{for_csv[0]} is for csv; ndjson always has all of a lead.")
    if columns is None:
        return _Shape(form, ALL_COLUMNS, wide, excel)
    if wide:
        raise typer.BadParameter("give --columns or --wide, which finds the columns itself.")
    try:
        return _Shape(form, columns_named(columns), wide, excel)
    except UnknownColumn as error:
        there_are = ", ".join((*COLUMNS, *(f"{name}.KEY" for name in OBJECTS)))
        like = did_you_mean(error.name, COLUMNS)
        raise typer.BadParameter(
            f"there is no column {error.name!r}.{like} There are: {there_are}",
            param_hint="--columns",
        ) from None


async def _export(archive: LeadArchive, query: LeadQuery, shape: _Shape) -> int:
    """Write the leads to standard output; how many there were."""
    count = 0
    with counter() as show:
        columns, exported = shape.columns, NDJSON
        if shape.wide:
            columns = await wide_columns(_shown(leads_of(archive, query), show))
        if shape.form is Format.CSV:
            exported = csv_format(columns, for_excel=shape.excel)
        sys.stdout.write(exported.head)
        async for lead in leads_of(archive, query):
            sys.stdout.write(exported.line(lead))
            count += 1
            show(count, "leads written")
        sys.stdout.flush()  # if the reader is gone, this says so, and no success is claimed
    return count


async def _shown(leads: AsyncIterator[Lead], show: Show) -> AsyncIterator[Lead]:
    """*leads*, and how many have been read."""
    count = 0
    async for lead in leads:
        count += 1
        show(count, "leads read")
        yield lead


def _contact_of(details: LeadDetails) -> tuple[str | None, ...]:
    if not details.has_contact:
        return (NO_CONTACT, None, None)
    return (details.name, details.email, details.phone)


def _nothing_found(since: str | None, channel: str | None, switched_on: Iterable[str]) -> str:
    if since is None and channel is None:
        return "There are no leads yet."
    known = (REST, *switched_on)
    if channel is None or channel in known:
        return "No lead matches."
    return f"No lead matches: no channel {channel!r} is switched on.{did_you_mean(channel, known)}"
