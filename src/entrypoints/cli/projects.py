"""`swiftcrm project …`."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from application.projects.create import NewProject
from application.projects.show import ProjectView
from application.projects.update import UNCHANGED, ProjectChange
from domain.allowlist import OPAQUE_ENTRY
from domain.held import PLAN_LIMIT_REACHED
from domain.project import Project
from entrypoints.cli.channels.report import channel_json, warn_of_address
from entrypoints.cli.failures import NewContainer, run
from entrypoints.cli.keys import key_json
from entrypoints.cli.messages import (
    CALLS_BECOME_LEADS,
    CALLS_WAIT,
    HELD_COUNT,
    KEY_SHOWN_ONCE,
    LISTED_NULL,
    NEW_STORE,
    NO_PROJECTS,
    NO_WEBHOOK_YET,
)
from entrypoints.cli.options import (
    AddedDomains,
    Domains,
    Lenient,
    Limit,
    NewName,
    ProjectName,
    ReleaseHeldCalls,
    ReleaseHeldEachMonth,
    RemovedDomains,
    RequireOrigin,
    refuse_nothing,
)
from entrypoints.cli.output import AsJson, hint, print_facts, print_json, print_table, warn
from entrypoints.exports.json_text import moment

if TYPE_CHECKING:
    from entrypoints.container import Container

NO_LIMIT = "none"
_LISTED = ("project_id", "name", "monthly_limit", "domains")


def project_commands(new_container: NewContainer) -> typer.Typer:
    """Make, show and change projects."""
    commands = typer.Typer(help="Make, show and change projects.", no_args_is_help=True)

    @commands.command("create")
    def create(
        name: Annotated[
            str, typer.Argument(metavar="NAME", help="A unique name of up to 100 characters.")
        ],
        domain: Domains = None,
        monthly_limit: Limit = None,
        require_origin: RequireOrigin = None,
        as_json: AsJson = False,
    ) -> None:
        """
        Make a project and its first API key, shown only this once.

        \b
        swiftcrm project create "Acme Ltd" --domain acme.com --monthly-limit 500
        """
        limit = _limit(monthly_limit)

        async def use(container: "Container") -> NewProject:
            if container.database().is_new:
                hint(NEW_STORE.format(location=container.settings().store_location))
            return await container.create_project()(
                name,
                domains=domain or (),
                monthly_limit=limit,
                require_origin=bool(require_origin),
            )

        made = run(new_container, use, create_store=True)
        facts = {
            "project_id": made.project.project_id,
            "name": made.project.name,
            "api_key": made.key.secret,
            "key_id": made.key.kept.key_id,
            "monthly_limit": made.project.monthly_limit,
            "domains": [str(domain) for domain in made.project.domains],
            "require_origin": made.project.require_origin,
        }
        if as_json:
            print_json(facts)
        else:
            print_facts(_for_people(facts))
            typer.echo(f"\n{KEY_SHOWN_ONCE}")
        _warn_of_null(made.project)

    @commands.command("list")
    def list_projects(as_json: AsJson = False) -> None:
        """
        List all projects, oldest first.

        \b
        swiftcrm project list --json
        """
        projects = run(new_container, lambda container: container.projects().all())
        if as_json:
            print_json([project_json(project) for project in projects])
        else:
            _print_list(projects)

    @commands.command("show")
    def show(project: ProjectName, as_json: AsJson = False) -> None:
        """
        Show a project with its usage, its keys and its channels.

        The usage is that of this month. A channel has no webhook until
        `swiftcrm channel show` makes it.

        \b
        swiftcrm project show "Acme Ltd"
        """
        view = run(new_container, lambda container: container.show_project()(project))
        shown = _view_json(view)
        print_json(shown) if as_json else print_facts(_view_for_people(shown))
        warn_of_address(*view.channels)

    _add_update(commands, new_container)
    return commands


def _add_update(commands: typer.Typer, new_container: NewContainer) -> None:
    @commands.command("update")
    def update(
        project: ProjectName,
        name: NewName = None,
        monthly_limit: Limit = None,
        add_domain: AddedDomains = None,
        remove_domain: RemovedDomains = None,
        require_origin: RequireOrigin = None,
        release_held: ReleaseHeldEachMonth = None,
        release_calls: ReleaseHeldCalls = None,
        lenient: Lenient = None,
        as_json: AsJson = False,
    ) -> None:
        """
        Change a project. Every process knows of it within two seconds.

        \b
        swiftcrm project update "Acme Ltd" --monthly-limit 1000
        swiftcrm project update "Acme Ltd" --add-domain '*.acme.com'
        swiftcrm project update "Acme Ltd" --name "Acme and Sons"
        """
        refuse_nothing(
            *(name, monthly_limit, require_origin, release_held, release_calls, lenient),
            *(add_domain, remove_domain),
        )
        change = ProjectChange(
            name=UNCHANGED if name is None else name,
            monthly_limit=UNCHANGED if monthly_limit is None else _limit(monthly_limit),
            require_origin=UNCHANGED if require_origin is None else require_origin,
            release_held_each_month=UNCHANGED if release_held is None else release_held,
            release_held_calls=UNCHANGED if release_calls is None else release_calls,
            lenient=UNCHANGED if lenient is None else lenient,
            add_domains=add_domain or (),
            remove_domains=remove_domain or (),
        )

        async def use(container: "Container") -> Project:
            found = await container.find_project()(project)
            updated = await container.update_project()(found.project_id, change)
            if monthly_limit is not None:
                await _say_who_waits(container, updated)
            return updated

        changed = run(new_container, use)
        shown = project_json(changed)
        print_json(shown) if as_json else print_facts(_for_people(shown))
        _warn_of_null(changed)


async def _say_who_waits(container: "Container", project: Project) -> None:
    room = await container.held_archive().room(project.project_id, PLAN_LIMIT_REACHED)
    if room.calls:
        said = CALLS_BECOME_LEADS if project.release_held_calls else CALLS_WAIT
        hint(said.format(count=room.calls))


def project_json(project: Project) -> dict[str, Any]:
    """A project's settings as every command prints them."""
    return {
        "project_id": project.project_id,
        "name": project.name,
        "domains": [str(domain) for domain in project.domains],
        "monthly_limit": project.monthly_limit,
        "require_origin": project.require_origin,
        "release_held_each_month": project.release_held_each_month,
        "release_held_calls": project.release_held_calls,
        "lenient": project.lenient,
        "created_at": moment(project.created_at),
    }


def _print_list(projects: Sequence[Project]) -> None:
    rows = [_for_people(project_json(project)) for project in projects]
    columns = [name.upper() for name in _LISTED]
    print_table(columns, [[row[name] for name in _LISTED] for row in rows])
    if not projects:
        hint(NO_PROJECTS)


def _view_json(view: ProjectView) -> dict[str, Any]:
    return {
        **project_json(view.project),
        "usage": {"month": str(view.month), "leads": view.places_taken, "held": view.held},
        "keys": [key_json(key) for key in view.keys],
        "channels": {channel.channel: channel_json(channel) for channel in view.channels},
    }


def _view_for_people(shown: Mapping[str, Any]) -> dict[str, Any]:
    usage = shown["usage"]
    return {
        **_for_people(shown),
        f"leads in {usage['month']}": usage["leads"],
        "held": HELD_COUNT.format(count=usage["held"]),
        "keys": [key["key_id"] for key in shown["keys"] if key["revoked_at"] is None],
        **{
            f"{name} webhook": channel["webhook_url"] or NO_WEBHOOK_YET.format(channel=name)
            for name, channel in shown["channels"].items()
        },
    }


def _for_people(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The plain facts of a project, with words for what is not limited."""
    limit, domains = facts["monthly_limit"], facts["domains"]
    flat = {name: v for name, v in facts.items() if name not in ("usage", "keys", "channels")}
    return flat | {
        "monthly_limit": NO_LIMIT if limit is None else limit,
        "domains": domains or "every page",
    }


def _warn_of_null(project: Project) -> None:
    if OPAQUE_ENTRY in project.domains:
        warn(LISTED_NULL)


def _limit(text: str | None) -> int | None:
    if text is None or text.lower() == NO_LIMIT:
        return None
    if not re.fullmatch(r"[0-9]{1,15}", text):
        raise typer.BadParameter(
            "must be a number from 0 to 999999999999999, or none", param_hint="--monthly-limit"
        )
    return int(text)
