"""The buttons that mend why something is held: a page is allowed, a number is listed."""

from sanic import HTTPResponse

from application.channels.edit_channel import EditChannel
from application.projects.update import ProjectChange, UpdateProject
from domain.allowlist import InvalidDomain
from domain.errors import InvalidSetting
from domain.held import DOMAIN_NOT_ALLOWED, NUMBER_NOT_LISTED
from domain.refusals import UnknownChannel
from domain.users.refusals import NotThere
from entrypoints.console.frame.forms import Form
from entrypoints.console.frame.visit import Visit
from entrypoints.console.pages.leads.held import HeldPage, held_of, reason_of
from entrypoints.console.pages.project.settings import wrong_domains

_CANNOT_BE_LISTED = (
    "This number cannot be listed: it is no number of this channel, or the channel has as many as"
    " it may have. Look at them in the settings."
)


class HeldRemedies:
    """Each leads back to what it has mended; what is wrong is said where the button was."""

    def __init__(
        self, held: HeldPage, update_project: UpdateProject, edit_channel: EditChannel
    ) -> None:
        self._held = held
        self._update_project = update_project
        self._edit_channel = edit_channel

    async def allow(self, visit: Visit) -> HTTPResponse:
        """Put a page's domain on the project's list, and show what it has sent."""
        domain = visit.form.text("domain")
        wrong = wrong_domains([domain])
        if not wrong:
            try:
                change = ProjectChange(add_domains=[domain])
                await self._update_project(visit.project.project_id, change)
            except InvalidDomain as refused:
                wrong = {"domain": f"{refused}."}
        if wrong:
            return await self._wrong(visit, DOMAIN_NOT_ALLOWED, *wrong.values())
        return visit.done(reason_of(visit, DOMAIN_NOT_ALLOWED), "domain-allowed", origin=domain)

    async def list_number(self, visit: Visit) -> HTTPResponse:
        """Let a number be one of this project's; what is held for it follows by itself."""
        channel, number = visit.form.text("channel"), visit.form.text("number")
        try:
            await self._edit_channel.list_number(visit.project.project_id, channel, number)
        except UnknownChannel:
            raise NotThere from None
        except InvalidSetting:
            return await self._wrong(visit, NUMBER_NOT_LISTED, _CANNOT_BE_LISTED)
        return visit.done(held_of(visit), "number-listed")

    async def _wrong(self, visit: Visit, code: str, sentence: str) -> HTTPResponse:
        return await self._held.show_with(visit, Form(errors={code: sentence}))
