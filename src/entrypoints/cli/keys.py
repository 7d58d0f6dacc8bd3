"""`swiftcrm key …`."""

from typing import Annotated, Any

import typer

from application.create_key import NewKey
from domain.api_key import ApiKey
from entrypoints.cli.options import ProjectName
from entrypoints.cli.output import AsJson, moment, print_facts, print_json, print_table
from entrypoints.cli.program import Program, Services, run


def key_commands(program: Program) -> typer.Typer:
    """Make, list and revoke API keys."""
    commands = typer.Typer(help="Make, list and revoke API keys.", no_args_is_help=True)

    @commands.command("create")
    def create(
        project: ProjectName,
        label: Annotated[str, typer.Option(metavar="L", help="What the key is for.")] = "",
        as_json: AsJson = False,
    ) -> None:
        """
        Make a key, which is shown this once. A key can add leads, never read them.

        \b
        swiftcrm key create "Acme Ltd" --label "landing page"
        """

        async def use(services: Services) -> NewKey:
            found = await services.find_project()(project)
            return await services.create_key()(found.project_id, label=label)

        made = run(program, use)
        facts = {"key_id": made.kept.key_id, "api_key": made.secret, "label": made.kept.label}
        print_json(facts) if as_json else print_facts(facts)

    @commands.command("list")
    def list_keys(project: ProjectName, as_json: AsJson = False) -> None:
        """
        The keys of a project, by their last four characters; revoked ones too.

        \b
        swiftcrm key list "Acme Ltd"
        """

        async def use(services: Services) -> list[ApiKey]:
            found = await services.find_project()(project)
            keys = await services.keys().of_project(found.project_id)
            return [key for key in keys if key.channel is None]

        keys = run(program, use)
        if as_json:
            print_json([key_json(key) for key in keys])
            return
        columns = ("KEY_ID", "ENDS_WITH", "LABEL", "CREATED_AT", "LAST_USED_AT", "REVOKED_AT")
        rows = [
            (k.key_id, k.hint, k.label, k.created_at, k.last_used_at, k.revoked_at) for k in keys
        ]
        print_table(columns, rows)

    @commands.command("revoke")
    def revoke(
        key_id: Annotated[str, typer.Argument(metavar="KEY_ID", help="As `key list` shows it.")],
        as_json: AsJson = False,
    ) -> None:
        """
        Close a key for good; refused by every process within two seconds.

        \b
        swiftcrm key revoke key_0123456789ab
        """
        key = key_json(run(program, lambda services: services.revoke_key()(key_id)))
        print_json(key) if as_json else print_facts(key)

    return commands


def key_json(key: ApiKey) -> dict[str, Any]:
    """What may be shown of a key."""
    return {
        "key_id": key.key_id,
        "label": key.label,
        "hint": key.hint,
        "created_at": moment(key.created_at),
        "last_used_at": moment(key.last_used_at),
        "revoked_at": moment(key.revoked_at),
    }
