"""`swiftcrm lead …`."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from domain.errors import NotFound
from domain.lead import CONTACT, Lead, LeadDetails
from domain.leads.origin import origin_of
from entrypoints.cli.failures import NewContainer, run
from entrypoints.cli.leads.count import add_count
from entrypoints.cli.leads.export import add_export
from entrypoints.cli.leads.filters import (
    NoContact,
    OfCampaign,
    OfChannel,
    OfSource,
    Search,
    filters,
    nothing_found,
)
from entrypoints.cli.options import CapturedSince, CapturedUntil, ProjectName
from entrypoints.cli.output import (
    AsJson,
    hint,
    print_facts,
    print_json,
    print_table,
    progress,
)
from entrypoints.exports.lead_json import lead_json

if TYPE_CHECKING:
    from entrypoints.container import Container

NO_CONTACT = "(no contact)"
"""Stands for the name of somebody who left no name, no e-mail address and no phone number."""
_HEADS = ("LEAD_ID", "CAPTURED_AT", "CHANNEL", "NAME", "EMAIL", "PHONE", "SOURCE", "CAMPAIGN")


def lead_commands(new_container: NewContainer) -> typer.Typer:
    """List, show, count and export leads."""
    commands = typer.Typer(help="List, show, count and export leads.", no_args_is_help=True)
    _add_list(commands, new_container)
    _add_show(commands, new_container)
    add_count(commands, new_container)
    add_export(commands, new_container)
    return commands


def _add_list(commands: typer.Typer, new_container: NewContainer) -> None:
    @commands.command("list")
    def list_leads(
        project: ProjectName,
        since: CapturedSince = None,
        until: CapturedUntil = None,
        channel: OfChannel = None,
        source: OfSource = None,
        campaign: OfCampaign = None,
        search: Search = None,
        no_contact: NoContact = False,
        limit: Annotated[int, typer.Option(min=1, metavar="N", help="Show at most N.")] = 100,
        as_json: AsJson = False,
    ) -> None:
        """
        List the leads of a project, newest first.

        \b
        swiftcrm lead list "Acme Ltd" --since 24h --channel whatsapp
        swiftcrm lead list "Acme Ltd" --source google --campaign Spring
        swiftcrm lead list "Acme Ltd" --search "170 123"
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

        async def use(container: "Container") -> list[Lead]:
            found = await container.find_project()(project)
            query = asked.of(found, newest_first=True)
            with progress(prints_meanwhile=False) as shown:
                leads = container.find_leads().all(query, limit=limit, looked=shown.looked)
                listed = [lead async for lead in leads]
            if not listed and not as_json:
                hint(await nothing_found(container, found, asked))
            return listed

        leads = run(new_container, use)
        if len(leads) == limit:
            hint(f"No more than {limit} are shown, the newest; --limit N shows more.")
        if as_json:
            print_json([lead_json(lead) for lead in leads])
        else:
            print_table(_HEADS, map(_row, leads))


def _add_show(commands: typer.Typer, new_container: NewContainer) -> None:
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

        lead = run(new_container, use)
        if as_json:
            print_json(lead_json(lead))
        else:
            print_facts(_facts(lead))


def _facts(lead: Lead) -> dict[str, object]:
    """All of a lead, and behind whom to call where it came from."""
    facts: dict[str, object] = {}
    for name, value in lead_json(lead).items():
        facts[name] = value
        if name == CONTACT[-1]:
            facts |= asdict(origin_of(lead.details))
    return facts


def _row(lead: Lead) -> tuple[object, ...]:
    origin = origin_of(lead.details)
    contact = _contact_of(lead.details)
    return lead.lead_id, lead.captured_at, lead.channel, *contact, origin.source, origin.campaign


def _contact_of(details: LeadDetails) -> tuple[str | None, ...]:
    if not details.has_contact:
        return (NO_CONTACT, None, None)
    return (details.name, details.email, details.phone)
