"""What is printed of users, and of the links that let them in."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import typer

from application.channels.diagnosis import HopAdvice, advice_on
from application.users.make_link import NewLink
from domain.users.user import User
from entrypoints.cli.messages import CONSOLE_IS_OFF, LINK_IS_LOOPBACK, LINK_SHOWN_ONCE, NO_USERS
from entrypoints.cli.output import hint, print_facts, print_json, print_table, warn
from entrypoints.exports.json_text import moment

if TYPE_CHECKING:  # slow to import, and --help needs it not
    from entrypoints.process.settings import Settings

_COLUMNS = ("EMAIL", "ADMIN", "LAST_SIGN_IN_AT", "PROJECTS")
ALL_PROJECTS = "all"


def user_json(user: User) -> dict[str, Any]:
    """A user as every command prints it for programs; *projects* are ids."""
    return {
        "user_id": user.user_id,
        "email": user.email,
        "admin": user.admin,
        "projects": list(user.project_ids),
        "last_sign_in_at": moment(user.last_sign_in_at),
    }


def print_user(user: User, names: Mapping[str, str], *, as_json: bool) -> None:
    """One user; for people with the *names* of projects, by their id."""
    facts = user_json(user)
    if as_json:
        print_json(facts)
    else:
        print_facts(facts | {"projects": _projects(user, names)})


def print_users(users: Iterable[User], names: Mapping[str, str], *, as_json: bool) -> None:
    """All of them."""
    listed = list(users)
    if as_json:
        print_json([user_json(user) for user in listed])
        return
    print_table(
        _COLUMNS,
        [(u.email, u.admin, u.last_sign_in_at, _projects(u, names)) for u in listed],
    )
    if not listed:
        hint(NO_USERS)


def print_link(made: NewLink, settings: "Settings", *, as_json: bool) -> None:
    """A link, shown only this once, and what may keep it from working."""
    user = made.user
    facts = {"user_id": user.user_id, "email": user.email, "link": made.url}
    if as_json:
        print_json(facts)
    else:
        print_facts(facts)
        typer.echo(f"\n{LINK_SHOWN_ONCE}")
    if not settings.console:
        warn(CONSOLE_IS_OFF)
    if advice_on(settings.public_url) is HopAdvice.LOOPBACK:
        warn(LINK_IS_LOOPBACK)


def _projects(user: User, names: Mapping[str, str]) -> str | list[str]:
    if user.admin:
        return ALL_PROJECTS
    return [names.get(project_id, project_id) for project_id in user.project_ids]
