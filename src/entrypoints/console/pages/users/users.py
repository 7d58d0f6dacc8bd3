"""Who may open the console: the list, and inviting somebody."""

from sanic import HTTPResponse

from application.channels.diagnosis import HopAdvice, advice_on
from application.channels.webhook_address import without_login
from application.ports.user_register import UserRegister
from application.users.create_user import CreateUser
from application.users.make_link import NewLink
from domain.errors import NameTaken
from domain.users.user import InvalidUser, User
from entrypoints.console import words
from entrypoints.console.frame.forms import Form
from entrypoints.console.frame.visit import Visit


class UsersPage:
    """All users."""

    def __init__(self, users: UserRegister, create_user: CreateUser) -> None:
        self._users = users
        self._create_user = create_user

    async def show(self, visit: Visit) -> HTTPResponse:
        """The list."""
        names = dict(await project_names(visit))

        def names_of(user: User) -> list[str]:
            return [names[one] for one in user.project_ids if one in names]

        users = sorted(await self._users.all(), key=lambda user: user.email)
        return visit.page("users.html", users=users, names_of=names_of)

    async def invitation(self, visit: Visit) -> HTTPResponse:
        """The form for somebody new."""
        return await _invitation(visit, visit.form)

    async def invite(self, visit: Visit) -> HTTPResponse:
        """Make the user, and show the link once."""
        form = visit.form
        known = dict(await project_names(visit))
        try:
            made = await self._create_user(
                form.text("email"),
                admin=form.has("admin"),
                project_ids=[one for one in form.texts("project") if one in known],
            )
        except InvalidUser as refused:
            return await _invitation(visit, form.with_errors(email=str(refused)))
        except NameTaken:
            return await _invitation(visit, form.with_errors(email=words.EMAIL_TAKEN))
        return show_link_once(visit, made)


def show_link_once(visit: Visit, made: NewLink) -> HTTPResponse:
    """A new link, which nobody sees again; who opens it calls us as programs do."""
    link = without_login(visit.service_url) + made.path
    return visit.page(
        "user_link.html",
        one=made.user,
        link=link,
        warning=words.LINK_IS_LOOPBACK if advice_on(link) is HopAdvice.LOOPBACK else None,
    )


async def project_names(visit: Visit) -> list[tuple[str, str]]:
    """The id and the name of each project that the visitor may see: an admin's are all."""
    projects = await visit.frame.projects_of(visit.signed_in.user)
    return [(one.project_id, one.name) for one in projects]


async def _invitation(visit: Visit, form: Form) -> HTTPResponse:
    return visit.page(
        "user.html",
        form=form,
        one=None,
        all_projects=await project_names(visit),
    )
