"""The visitor's own account."""

from sanic import HTTPResponse

from application.users.change_password import ChangePassword
from domain.refusals import Refusal
from domain.users.refusals import HashingBusy, TooManyTries, WeakPassword, WrongPassword
from entrypoints.console import words
from entrypoints.console.frame.forms import Form
from entrypoints.console.frame.visit import Visit


class AccountPage:
    """Who one is, what one sees, and another password."""

    def __init__(self, change_password: ChangePassword) -> None:
        self._change_password = change_password

    async def show(self, visit: Visit) -> HTTPResponse:
        """The account as it is."""
        return await _page(visit, visit.form)

    async def change(self, visit: Visit) -> HTTPResponse:
        """Another password; this browser stays signed in."""
        old, new = visit.form.text("password"), visit.form.text("new_password")
        try:
            signed_in = await self._change_password(visit.signed_in, old=old, new=new)
        except WeakPassword as refused:
            form = visit.form.with_errors(new_password=words.refused(refused))
            return await _page(visit, form)
        except WrongPassword:
            return await _page(visit, visit.form.with_errors(password=words.WRONG_NOW))
        except (TooManyTries, HashingBusy) as refused:
            form = visit.form.with_errors(password=words.refused(refused))
            return await _page(visit, form, refused)
        done = visit.done("/account", "password-changed")
        return visit.signed_in_now(signed_in, done)


async def _page(visit: Visit, form: Form, refused: Refusal | None = None) -> HTTPResponse:
    return visit.page(
        "account.html",
        form=form,
        refused=refused,
        projects=await visit.frame.projects_of(visit.signed_in.user),
    )
