"""One user: role, projects, a new link, and the end."""

from collections.abc import Mapping

from sanic import HTTPResponse

from application.ports.user_register import UserRegister
from application.users.make_link import MakeSignInLink
from application.users.remove_user import RemoveUser
from application.users.update_user import UpdateUser, UserChange
from domain.errors import LastAdmin
from domain.users.refusals import NotThere
from domain.users.user import User
from entrypoints.console import words
from entrypoints.console.frame.forms import Form
from entrypoints.console.frame.visit import Visit
from entrypoints.console.pages.users.users import project_names, show_link_once


class UserPage:
    """What an admin may do with a user."""

    def __init__(
        self,
        users: UserRegister,
        update_user: UpdateUser,
        make_link: MakeSignInLink,
        remove_user: RemoveUser,
    ) -> None:
        self._users = users
        self._update_user = update_user
        self._make_link = make_link
        self._remove_user = remove_user

    async def show(self, visit: Visit, user_id: str) -> HTTPResponse:
        """Role and projects."""
        return await _page(visit, await self._user(user_id), visit.form)

    async def save(self, visit: Visit, user_id: str) -> HTTPResponse:
        """What the reader changed of role and projects; what others changed meanwhile stays."""
        user, form = await self._user(user_id), visit.form
        known = [one for one, _ in await project_names(visit)]
        chosen, now = form.texts("project"), _now(user)
        shown = form.shown("project", now["project"]).split()
        change = UserChange(
            admin=form.has("admin") if "admin" in form.changed(now) else None,
            add_project_ids=[one for one in known if one in chosen and one not in shown],
            remove_project_ids=[one for one in shown if one not in chosen],
        )
        try:
            await self._update_user(user.email, change)
        except LastAdmin:
            return await _page(visit, user, form.with_errors(admin=words.LAST_ADMIN))
        is_out = _is_oneself(visit, user) and change.admin is False
        return visit.done("" if is_out else "/users", "user-saved")

    async def link(self, visit: Visit, user_id: str) -> HTTPResponse:
        """A new link, shown once."""
        user = await self._user(user_id)
        made = await self._make_link(user.email)
        return show_link_once(visit, made)

    async def ask(self, visit: Visit, user_id: str) -> HTTPResponse:
        """What removing the user means."""
        user = await self._user(user_id)
        sentences = ["This user is signed out everywhere, and can sign in no more. Leads stay."]
        if _is_oneself(visit, user):
            sentences.insert(0, "This is you: you are signed out at once.")
        return _danger(visit, user, sentences, button="Remove")

    async def remove(self, visit: Visit, user_id: str) -> HTTPResponse:
        """Remove the user."""
        user = await self._user(user_id)
        try:
            await self._remove_user(user.email)
        except LastAdmin:
            return _danger(visit, user, [words.LAST_ADMIN], status=422)
        if _is_oneself(visit, user):
            return visit.signed_out_now("you-removed")
        return visit.done("/users", "user-removed")

    async def _user(self, user_id: str) -> User:
        user = await self._users.find(user_id)
        if user is None or user.user_id != user_id:
            raise NotThere
        return user


def _now(user: User) -> Mapping[str, str]:
    """What the fields have before anybody ticks a box."""
    return {"admin": "on" if user.admin else "", "project": "\n".join(user.project_ids)}


def _is_oneself(visit: Visit, user: User) -> bool:
    return user.user_id == visit.signed_in.user.user_id


async def _page(visit: Visit, user: User, form: Form) -> HTTPResponse:
    return visit.page(
        "user.html",
        form=form,
        one=user,
        now_set=_now(user),
        all_projects=await project_names(visit),
    )


def _danger(
    visit: Visit, user: User, sentences: list[str], *, button: str = "", status: int | None = None
) -> HTTPResponse:
    return visit.page(
        "danger.html",
        status=status,
        question=f"Remove {user.email}?",
        sentences=sentences,
        button=button,
        path=f"/users/{user.user_id}/remove",
        back="/users",
    )
