"""`swiftcrm user …`."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from application.users.make_link import NewLink
from application.users.update_user import UserChange
from domain.users.user import User
from entrypoints.cli.failures import NewContainer, run
from entrypoints.cli.options import refuse_nothing
from entrypoints.cli.output import AsJson, print_facts, print_json
from entrypoints.cli.users.report import print_link, print_user, print_users

if TYPE_CHECKING:
    from entrypoints.container import Container
    from entrypoints.process.settings import Settings

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The user's e-mail address.")]
Admin = Annotated[
    bool, typer.Option("--admin", help="Let the user do everything, in all projects.")
]
Projects = Annotated[
    list[str] | None,
    typer.Option("--project", metavar="P", help="Let the user see this project. Repeat it."),
]
AdminOrNot = Annotated[
    bool | None,
    typer.Option(
        "--admin/--no-admin",
        help="Let the user do everything; or only see the projects that are named.",
    ),
]
AddedProjects = Annotated[
    list[str] | None,
    typer.Option("--add-project", metavar="P", help="Let the user see this project. Repeat it."),
]
RemovedProjects = Annotated[
    list[str] | None,
    typer.Option("--remove-project", metavar="P", help="Take this project away. Repeat it."),
]


def user_commands(new_container: NewContainer) -> typer.Typer:
    """Invite, list, change and remove users of the console."""
    commands = typer.Typer(
        help="Invite, list, change and remove users of the console.", no_args_is_help=True
    )
    _add_create_and_link(commands, new_container)
    _add_list_and_update(commands, new_container)
    _add_remove(commands, new_container)
    return commands


def _add_create_and_link(commands: typer.Typer, new_container: NewContainer) -> None:
    @commands.command("create")
    def create(
        email: Email, admin: Admin = False, project: Projects = None, as_json: AsJson = False
    ) -> None:
        """
        Make a user, and print a link that lets the user in.

        The link works once, for 24 hours. Whoever opens it chooses a password, and is signed
        in. Send it to the user and to nobody else.

        \b
        swiftcrm user create ada@example.com --admin
        swiftcrm user create bob@example.com --project "Acme Ltd"
        """

        async def use(container: "Container") -> "tuple[NewLink, Settings]":
            ids = await _project_ids(container, project)
            made = await container.create_user()(email, admin=admin, project_ids=ids)
            return made, container.settings()

        print_link(*run(new_container, use), as_json=as_json)

    @commands.command("link")
    def link(email: Email, as_json: AsJson = False) -> None:
        """
        Make a new link for a user, such as one who forgot the password.

        It works once, for 24 hours. An older link of this user works no more; the password
        works until another one is chosen.

        \b
        swiftcrm user link ada@example.com
        """

        async def use(container: "Container") -> "tuple[NewLink, Settings]":
            return await container.make_sign_in_link()(email), container.settings()

        print_link(*run(new_container, use), as_json=as_json)


def _add_list_and_update(commands: typer.Typer, new_container: NewContainer) -> None:
    @commands.command("list")
    def list_users(as_json: AsJson = False) -> None:
        """
        List all users, oldest first.

        \b
        swiftcrm user list
        """

        async def use(container: "Container") -> tuple[Sequence[User], Mapping[str, str]]:
            return await container.users().all(), await _names(container)

        print_users(*run(new_container, use), as_json=as_json)

    @commands.command("update")
    def update(
        email: Email,
        admin: AdminOrNot = None,
        add_project: AddedProjects = None,
        remove_project: RemovedProjects = None,
        as_json: AsJson = False,
    ) -> None:
        """
        Change what a user may see and do. Every process knows of it within two seconds.

        The last admin who can sign in stays one.

        \b
        swiftcrm user update bob@example.com --add-project "Acme Ltd"
        """
        refuse_nothing(admin, add_project, remove_project)

        async def use(container: "Container") -> tuple[User, Mapping[str, str]]:
            change = UserChange(
                admin=admin,
                add_project_ids=await _project_ids(container, add_project),
                remove_project_ids=await _project_ids(container, remove_project),
            )
            return await container.update_user()(email, change), await _names(container)

        print_user(*run(new_container, use), as_json=as_json)


def _add_remove(commands: typer.Typer, new_container: NewContainer) -> None:
    @commands.command("remove")
    def remove(email: Email, as_json: AsJson = False) -> None:
        """
        Remove a user, who is signed out everywhere within two seconds.

        The last admin who can sign in stays.

        \b
        swiftcrm user remove bob@example.com
        """
        user = run(new_container, lambda container: container.remove_user()(email))
        facts = {"user_id": user.user_id, "email": user.email}
        print_json(facts) if as_json else print_facts({"removed": user.email})


async def _project_ids(container: "Container", typed: Sequence[str] | None) -> Sequence[str]:
    find = container.find_project()
    return [(await find(one)).project_id for one in typed or ()]


async def _names(container: "Container") -> Mapping[str, str]:
    return {project.project_id: project.name for project in await container.projects().all()}
