"""`swiftcrm key …`."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from application.keys.create import NewKey
from domain.api_key import ApiKey
from domain.project import Project
from entrypoints.cli.failures import NewContainer, run
from entrypoints.cli.messages import ANY_PAGE_MAY_USE_IT, KEY_SHOWN_ONCE, NO_KEYS
from entrypoints.cli.options import ProjectName
from entrypoints.cli.output import AsJson, hint, print_facts, print_json, print_table
from entrypoints.exports.json_text import moment

if TYPE_CHECKING:
    from entrypoints.container import Container

_COLUMNS = ("KEY_ID", "ENDS_WITH", "FOR", "LABEL", "CREATED_AT", "LAST_USED_AT", "REVOKED_AT")


def key_commands(new_container: NewContainer) -> typer.Typer:
    """Make, list and revoke API keys."""
    commands = typer.Typer(help="Make, list and revoke API keys.", no_args_is_help=True)

    @commands.command("create")
    def create(
        project: ProjectName,
        label: Annotated[str, typer.Option(metavar="L", help="What the key is for.")] = "",
        page: Annotated[
            bool, typer.Option("--page", help="Make a key that may stand in a page.")
        ] = False,
        as_json: AsJson = False,
    ) -> None:
        """
        Make a key, shown only this once. A key can add leads, never read them.

        An ordinary key is for servers: it opens the lead path from anywhere, and
        the webhooks too. Keep it out of pages.

        A page's key (--page) is public, as the page is: it opens the lead path alone,
        and only for calls from a page that the project allows.

        \b
        swiftcrm key create "Acme Ltd" --label "shop server"
        swiftcrm key create "Acme Ltd" --label "landing page" --page
        """

        async def use(container: "Container") -> tuple[Project, NewKey]:
            found = await container.find_project()(project)
            made = await container.create_key()(found.project_id, label=label, for_page=page)
            return found, made

        found, made = run(new_container, use)
        kept = made.kept
        facts = {
            "key_id": kept.key_id,
            "api_key": made.secret,
            "label": kept.label,
            "page": kept.for_page,
        }
        print_json(facts) if as_json else print_facts(facts)
        if not as_json:
            typer.echo(f"\n{KEY_SHOWN_ONCE}")
        if kept.for_page and not found.domains:
            hint(ANY_PAGE_MAY_USE_IT)

    @commands.command("list")
    def list_keys(project: ProjectName, as_json: AsJson = False) -> None:
        """
        List the keys of a project, revoked ones too.

        ENDS_WITH has the last four characters of each.

        \b
        swiftcrm key list "Acme Ltd"
        """

        async def use(container: "Container") -> list[ApiKey]:
            found = await container.find_project()(project)
            keys = await container.keys().of_project(found.project_id)
            return [key for key in keys if key.channel is None]

        keys = run(new_container, use)
        if as_json:
            print_json([key_json(key) for key in keys])
            return
        print_table(_COLUMNS, map(_row, keys))
        if not keys:
            hint(NO_KEYS)

    @commands.command("revoke")
    def revoke(
        key_id: Annotated[str, typer.Argument(metavar="KEY_ID", help="As `key list` shows it.")],
        as_json: AsJson = False,
    ) -> None:
        """
        Revoke a key for good. Every process refuses it within two seconds.

        \b
        swiftcrm key revoke key_0123456789ab
        """
        key = key_json(run(new_container, lambda container: container.revoke_key()(key_id)))
        print_json(key) if as_json else print_facts(key)

    return commands


def key_json(key: ApiKey) -> dict[str, Any]:
    """What may be shown of a key."""
    return {
        "key_id": key.key_id,
        "label": key.label,
        "page": key.for_page,
        "hint": key.hint,
        "created_at": moment(key.created_at),
        "last_used_at": moment(key.last_used_at),
        "revoked_at": moment(key.revoked_at),
    }


def _row(key: ApiKey) -> tuple[object, ...]:
    used_by = "page" if key.for_page else "server"
    return (
        *(key.key_id, key.hint, used_by, key.label),
        *(key.created_at, _to_the_minute(key.last_used_at), key.revoked_at),
    )


def _to_the_minute(moment: datetime | None) -> str | None:
    """As it is kept: with seconds it would seem to be earlier than the key was made."""
    return None if moment is None else f"{moment:%Y-%m-%dT%H:%MZ}"
