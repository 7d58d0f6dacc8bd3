"""`swiftcrm lead export`."""

import shlex
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from application.leads.find import FindLeads
from domain.lead import Lead
from domain.leads.query import LeadQuery
from domain.names import did_you_mean
from entrypoints.cli.failures import NewContainer, run
from entrypoints.cli.leads.filters import (
    NoContact,
    OfCampaign,
    OfChannel,
    OfSource,
    Search,
    filters,
    nothing_found,
)
from entrypoints.cli.messages import NOT_FOR_A_TERMINAL
from entrypoints.cli.options import CapturedSince, CapturedUntil, ProjectName
from entrypoints.cli.output import Progress, hint, progress
from entrypoints.exports.columns import (
    ALL_COLUMNS,
    COLUMNS,
    OBJECTS,
    Column,
    UnknownColumn,
    columns_named,
)
from entrypoints.exports.formats import Format, format_of
from entrypoints.exports.wide import MOST_KEYS, wide_columns

if TYPE_CHECKING:
    from entrypoints.container import Container

_Form = Annotated[
    Format,
    typer.Option(
        "--format",
        case_sensitive=False,
        help="csv for spreadsheets, xlsx for Excel, ndjson for programs.",
    ),
]
_Columns = Annotated[
    str | None,
    typer.Option(
        "--columns",
        metavar="A,B",
        help="Only these columns, in this order: name,source,attributes.budget,click_ids.gclid."
        " A name with a comma in it stands in double quotes.",
    ),
]
_Wide = Annotated[
    bool,
    typer.Option(
        "--wide",
        help="Give each key of attributes, utm, click_ids and first_touch a column of its own, at"
        f" most {MOST_KEYS}, the most frequent ones. In xlsx they have them anyway.",
    ),
]
_Excel = Annotated[
    bool,
    typer.Option(
        "--excel", help="Begin a CSV with the byte order mark by which Excel knows UTF-8."
    ),
]
_NO_OPTION_OF: dict[Format, tuple[Sequence[str], str]] = {
    Format.CSV: ((), ""),
    Format.NDJSON: (("--columns", "--wide", "--excel"), "ndjson always has all of a lead"),
    Format.XLSX: (("--excel",), "Excel knows an xlsx file without it"),
}
"""The options that a format cannot have, and why."""


@dataclass(frozen=True)
class _Shape:
    """What an export is to look like; *wide* adds the columns that the leads need."""

    form: Format
    columns: Sequence[Column]
    wide: bool
    excel: bool


def add_export(commands: typer.Typer, new_container: NewContainer) -> None:
    """Add the command."""

    @commands.command("export")
    def export_leads(
        project: ProjectName,
        since: CapturedSince = None,
        until: CapturedUntil = None,
        channel: OfChannel = None,
        source: OfSource = None,
        campaign: OfCampaign = None,
        search: Search = None,
        no_contact: NoContact = False,
        form: _Form = Format.CSV,
        columns: _Columns = None,
        wide: _Wide = False,
        excel: _Excel = False,
    ) -> None:
        """
        Write the leads of a project to standard output, oldest first.

        In CSV, attributes, utm, click_ids and first_touch are JSON, without what has a column of
        its own. What a spreadsheet would run as a formula gets an apostrophe before it. In xlsx
        all is text, and moments are dates, in UTC.

        \b
        swiftcrm lead export "Acme Ltd" --since 7d --format xlsx > leads.xlsx
        swiftcrm lead export "Acme Ltd" --campaign Spring --wide > spring.csv
        swiftcrm lead export "Acme Ltd" --columns name,email,source > ads.csv
        swiftcrm lead export "Acme Ltd" --format ndjson > leads.ndjson
        """
        asked = filters(
            since=since,
            until=until,
            channel=channel,
            source=source,
            campaign=campaign,
            search=search,
            no_contact=no_contact,
        )
        shape = _shape(form, columns, wide=wide, excel=excel)
        if form is Format.XLSX and sys.stdout.isatty():
            raise typer.BadParameter(NOT_FOR_A_TERMINAL.format(project=shlex.quote(project)))

        async def use(container: "Container") -> int:
            found = await container.find_project()(project)
            count = await _export(container.find_leads(), asked.of(found), shape)
            if not count:
                hint(await nothing_found(container, found, asked))
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
    unfit, why = _NO_OPTION_OF[form]
    for option in unfit:
        if asked[option]:
            raise typer.BadParameter(f"{option} is for csv; {why}.")
    if columns is None:
        return _Shape(form, ALL_COLUMNS, wide or form is Format.XLSX, excel)
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


async def _export(find: FindLeads, query: LeadQuery, shape: _Shape) -> int:
    """Write the leads to standard output; how many there were."""
    with progress(prints_meanwhile=True) as shown:
        columns = shape.columns
        if shape.wide:
            read = _Counted(find.all(query, looked=shown.looked), shown, "leads read")
            columns = await wide_columns(read.leads())
        exported = format_of(shape.form, columns, for_excel=shape.excel)
        written = _Counted(find.all(query, looked=shown.looked), shown, "leads written")
        async with aclosing(exported.pieces(written.leads())) as pieces:
            async for piece in pieces:
                _print(piece)
        sys.stdout.buffer.flush()  # if the reader is gone, this says so: no success is claimed
    return written.count


def _print(piece: bytes) -> None:
    rest = memoryview(piece)
    while rest:  # without a buffer (PYTHONUNBUFFERED) only a part of it may be written
        rest = rest[sys.stdout.buffer.write(rest) :]


class _Counted:
    """*leads*, which are counted as they come."""

    def __init__(self, leads: AsyncIterator[Lead], shown: Progress, what: str) -> None:
        self.count = 0
        self._leads, self._shown, self._what = leads, shown, what

    async def leads(self) -> AsyncIterator[Lead]:
        """Each of them."""
        async for lead in self._leads:
            self.count += 1
            self._shown.count(self.count, self._what)
            yield lead
