"""A channel of a project: connect it, change its settings, and try it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sanic import HTTPResponse

from application.channels.channel_settings import ChannelSettings
from application.channels.diagnosis import advice_on
from application.channels.edit_channel import EditChannel, lists
from application.channels.inspect_channel import ChannelReport, InspectChannel
from application.channels.try_channel import TryChannel
from application.keys.revoke import RevokeKey
from application.ports.lead_channel import LeadChannel
from domain.channel import ChannelSetting
from domain.errors import InvalidSetting, StoreUnusable
from domain.users.refusals import NotThere
from entrypoints.console import words
from entrypoints.console.advice import advised
from entrypoints.console.channels import fields
from entrypoints.console.channels.checklist import CANNOT_BE_READ, checklist, unreadable
from entrypoints.console.channels.hops import HOPS, rows_of
from entrypoints.console.frame.forms import Form
from entrypoints.console.frame.visit import Visit
from entrypoints.console.notices import Notice


class ChannelPage:
    """Whatever the channel declares is here: its page has no line of its own for any of them."""

    def __init__(
        self,
        channels: Mapping[str, LeadChannel],
        settings: ChannelSettings,
        inspect: InspectChannel,
        edit: EditChannel,
        try_channel: TryChannel,
        revoke_key: RevokeKey,
    ) -> None:
        self._channels = channels
        self._settings = settings
        self._inspect = inspect
        self._edit = edit
        self._try = try_channel
        self._revoke_key = revoke_key

    async def show(self, visit: Visit, channel: str) -> HTTPResponse:
        """The channel as it is now; the first time, its webhook URL is made."""
        return await self._page(visit, channel, visit.form)

    async def save(self, visit: Visit, channel: str) -> HTTPResponse:
        """Change what the reader has changed; what others changed meanwhile stays."""
        declared, form = self._declared(channel), visit.form
        if wrong := fields.misfits(declared, form):
            return await self._page(visit, channel, form.with_errors(**wrong), status=422)
        values = fields.all_typed(declared, form)
        try:
            shown = fields.all_shown(declared, form)
            await self._edit.save(visit.project.project_id, channel, values, shown)
        except InvalidSetting:
            form = form.with_errors(settings=words.NO_ROOM_FOR_ALL)
            return await self._page(visit, channel, form, status=422)
        except StoreUnusable as fault:
            secret = [one.name for one in declared if one.secret and values.get(one.name)]
            if not secret:
                raise
            said = f"{words.NOTHING_SAVED} {advised(fault.advice) or words.CAUSE_IN_LOG}"
            return await self._faulty(visit, channel, fault, form, dict.fromkeys(secret, said))
        return _back(visit, channel, "channel-saved")

    async def list_number(self, visit: Visit, channel: str) -> HTTPResponse:
        """Let a number be one of this project's."""
        self._declared(channel)
        try:
            await self._edit.list_number(
                visit.project.project_id, channel, visit.form.text("number")
            )
        except InvalidSetting:
            form = Form(errors={"numbers": words.NO_ROOM_FOR_NUMBER})
            return await self._page(visit, channel, form, status=422)
        return _back(visit, channel, "number-listed")

    async def end_older(self, visit: Visit, channel: str, setting: str) -> HTTPResponse:
        """End the rotation of a secret."""
        self._secret(channel, setting)
        await self._edit.end_older(visit.project.project_id, channel, setting)
        return _back(visit, channel, "old-secret-removed")

    async def ask(self, visit: Visit, channel: str, setting: str) -> HTTPResponse:
        """What it means to have no secret."""
        warning = self._secret(channel, setting).warning_when_unset
        path = _path(visit, channel)
        return visit.page(
            "danger.html",
            question=f"Remove the {fields.label(setting)} of {words.channel_name(channel)}?",
            sentences=[words.NOT_COMPARED, *([words.SAID_THEN, warning] if warning else [])],
            button="Remove",
            path=f"{path}/{setting}/remove",
            back=path,
        )

    async def remove(self, visit: Visit, channel: str, setting: str) -> HTTPResponse:
        """Have no secret any more."""
        self._secret(channel, setting)
        await self._settings.change(visit.project.project_id, channel, {setting: ()})
        return _back(visit, channel, "secret-removed")

    async def ask_for_url(self, visit: Visit, channel: str) -> HTTPResponse:
        """What another webhook URL means."""
        self._declared(channel)
        name = words.channel_name(channel)
        return visit.page(
            "danger.html",
            question=f"Make another webhook URL for {name}?",
            sentences=[words.URL_ENDS.format(name=name)],
            button="Make another URL",
            path=f"{_path(visit, channel)}/url",
            back=_path(visit, channel),
        )

    async def make_url(self, visit: Visit, channel: str) -> HTTPResponse:
        """Revoke the key in the webhook URL; the page then makes another."""
        self._declared(channel)
        report = await self._inspect(visit.project.project_id, channel)
        await self._revoke_key(report.view.key_id)
        return _back(visit, channel, "url-made")

    async def test(self, visit: Visit, channel: str) -> HTTPResponse:
        """Send a sample through the public address, and show how far it came."""
        self._declared(channel)
        try:
            trial = await self._try(visit.project.project_id, channel)
        except StoreUnusable as fault:
            unread = dict.fromkeys(unreadable(fault), CANNOT_BE_READ)
            return await self._faulty(visit, channel, fault, Form(), unread)
        return visit.page(
            "channel_test.html",
            setting=f"/{channel}",
            path=_path(visit, channel),
            trial=trial,
            rows=list(rows_of(trial)),
            name=words.channel_name(channel),
        )

    async def _faulty(
        self,
        visit: Visit,
        channel: str,
        fault: StoreUnusable,
        form: Form,
        sentences: Mapping[str, str],
    ) -> HTTPResponse:
        """The page with what *sentences* say of each secret; the log has the cause, too."""
        visit.request.ctx.cause, visit.request.ctx.advice = str(fault), fault.advice
        wrong = {fields.field_name(name): said for name, said in sentences.items()}
        return await self._page(visit, channel, form.with_errors(**wrong), status=503)

    async def _page(
        self, visit: Visit, channel: str, form: Form, *, status: int = 200
    ) -> HTTPResponse:
        declared = self._declared(channel)
        report = await self._inspect(visit.project.project_id, channel)
        name = words.channel_name(channel)
        visible = [one.project_id for one in visit.projects]
        advice = advice_on(report.view.webhook_url)
        return visit.page(
            "channel.html",
            status=status,
            form=form,
            setting=f"/{channel}",
            path=_path(visit, channel),
            name=name,
            notice=Notice(HOPS[advice]) if advice else visit.notice,
            view=report.view,
            report=report,
            checklist=list(checklist(report, name, visible)),
            fields=fields,
            unreadable=unreadable(report.view.fault),
            numbers=unlisted_numbers(report, declared),
        )

    def _declared(self, channel: str) -> Sequence[ChannelSetting]:
        if channel not in self._channels:
            raise NotThere
        return self._channels[channel].settings

    def _secret(self, channel: str, name: str) -> ChannelSetting:
        for setting in self._declared(channel):
            if setting.secret and setting.name == name:
                return setting
        raise NotThere


@dataclass(frozen=True, slots=True)
class Unlisted:
    """A number that no project lists, and how many items are held for it."""

    number: str
    held: int
    may_be_listed: bool


def unlisted_numbers(
    report: ChannelReport, declared: Sequence[ChannelSetting]
) -> Sequence[Unlisted]:
    """Those for which most is held; a hostile delivery brings any number."""
    numbers = report.unlisted_numbers or {}
    first = sorted(numbers.items(), key=lambda pair: (-pair[1], pair[0]))[: fields.MOST_SHOWN]
    return [
        Unlisted(number, held, any(lists(setting, number) for setting in declared))
        for number, held in first
    ]


def _path(visit: Visit, channel: str) -> str:
    return f"/projects/{visit.project.project_id}/settings/{channel}"


def _back(visit: Visit, channel: str, done: str) -> HTTPResponse:
    return visit.done(_path(visit, channel), done)
