"""`swiftcrm lead …`."""

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from domain.errors import NotFound
from domain.lead import Lead, LeadQuery
from entrypoints.cli.failures import NewContainer, run
from entrypoints.cli.options import CapturedSince, ProjectName, moment_of
from entrypoints.cli.output import AsJson, hint, print_facts, print_json, print_table
from entrypoints.exports.csv_format import csv_format
from entrypoints.exports.lead_json import lead_json
from entrypoints.exports.ndjson import NDJSON
from entrypoints.exports.paging import leads_of

if TYPE_CHECKING:
    from entrypoints.container import Container


class Format(StrEnum):
    """What an export can be."""

    CSV = "csv"
    NDJSON = "ndjson"


def lead_commands(new_container: NewContainer) -> typer.Typer:
    """List, show and export leads."""
    commands = typer.Typer(help="List, show and export leads.", no_args_is_help=True)

    @commands.command("list")
    def list_leads(
        project: ProjectName,
        since: CapturedSince = None,
        channel: Annotated[
            str | None, typer.Option(metavar="C", help="Only those of this channel, e.g. rest.")
        ] = None,
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
            return [lead async for lead in leads_of(container.archive(), query, limit=limit)]

        leads = run(new_container, use)
        if len(leads) == limit:
            hint(f"The newest {limit} are shown; --limit N shows more.")
        if as_json:
            print_json([lead_json(lead) for lead in leads])
            return
        rows = [
            (x.lead_id, x.captured_at, x.channel, x.details.name, x.details.email, x.details.phone)
            for x in leads
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

    @commands.command("export")
    def export_leads(
        project: ProjectName,
        form: Annotated[
            Format,
            typer.Option("--format", help="csv for spreadsheets, ndjson for programs."),
        ],
    ) -> None:
        """
        Write all leads of a project to standard output, oldest first.

        In CSV, what a spreadsheet would run as a formula gets an apostrophe before it.

        \b
        swiftcrm lead export "Acme Ltd" --format csv > leads.csv
        """
        run(new_container, lambda container: _export(container, project, form))

    return commands


async def _export(container: "Container", project: str, form: Format) -> None:
    found = await container.find_project()(project)
    exported = csv_format() if form is Format.CSV else NDJSON
    sys.stdout.write(exported.head)
    async for lead in leads_of(container.archive(), LeadQuery(project_id=found.project_id)):
        sys.stdout.write(exported.line(lead))
