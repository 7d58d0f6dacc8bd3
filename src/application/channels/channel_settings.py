"""The settings that a project gave a channel; they are checked, and secrets are locked."""

import secrets
from collections.abc import Mapping, Sequence

from application.ports.channel_register import ChannelRegister
from application.ports.lead_channel import LeadChannel
from application.ports.secret_box import SecretBox
from domain.channel import ChannelSetting, Misfit, SettingValues
from domain.delivery import LONGEST_RECIPIENT
from domain.errors import Advice, AdviceCode, InvalidSetting, StoreUnusable
from domain.names import did_you_mean
from domain.refusals import UnknownChannel


class ChannelSettings:
    """
    Reads and changes the settings of channels; secrets are locked in the store only.

    Any method may raise `UnknownChannel` and `StorageUnavailable`.
    """

    def __init__(
        self,
        channels: Mapping[str, LeadChannel],
        register: ChannelRegister,
        secret_box: SecretBox,
    ) -> None:
        self._channels = channels
        self._register = register
        self._secret_box = secret_box

    def channel(self, name: str) -> LeadChannel:
        """The channel of this name."""
        channel = self._channels.get(name)
        if channel is None:
            raise UnknownChannel
        return channel

    async def stored(self, project_id: str, channel: str) -> SettingValues:
        """All values as they are stored, secrets locked."""
        return await self._register.get(project_id, channel)

    async def read(self, project_id: str, channel: str) -> SettingValues:
        """
        All values, secrets readable.

        Raises:
            StoreUnusable: One cannot be read; the text names it.
        """
        secret = {setting.name for setting in self.channel(channel).settings if setting.secret}
        stored = await self._register.get(project_id, channel)
        return {
            name: self._unlocked(channel, name, values) if name in secret else values
            for name, values in stored.items()
        }

    async def fault(self, project_id: str, channel: str) -> StoreUnusable | None:
        """Why a stored secret cannot be read; None when all can."""
        try:
            await self.read(project_id, channel)
        except StoreUnusable as error:
            return error
        return None

    async def listed_by_others(self, project_id: str, channel: str) -> Mapping[str, Sequence[str]]:
        """The addresses of the project that others list too, by the id of each other project."""
        stored = await self._register.get(project_id, channel)
        found: dict[str, list[str]] = {}
        for name in [s.name for s in self.channel(channel).settings if s.recipients]:
            if name in stored:
                having = await self._register.projects_with_any(channel, name, stored[name])
                for other, addresses in having.items():
                    if other != project_id:
                        found.setdefault(other, []).extend(addresses)
        return found

    async def generate_missing(self, project_id: str, channel: str) -> None:
        """Make those values that this program generates, if they are missing."""
        generated = [s for s in self.channel(channel).settings if s.generated]
        stored = await self._register.get(project_id, channel)
        missing = {
            s.name: self._locked(s, [secrets.token_urlsafe(24)])
            for s in generated
            if s.name not in stored
        }
        if missing:
            await self._register.set_missing(project_id, channel, missing)

    async def change(
        self, project_id: str, channel: str, values: Mapping[str, Sequence[str]]
    ) -> None:
        """
        Replace the settings that *values* names. An empty list removes one; doubles count once.

        Raises:
            InvalidSetting: One does not exist or cannot be this; nothing was changed.
            StoreUnusable: A secret cannot be locked.
        """
        declared = self._declared(channel)
        locked: dict[str, Sequence[str]] = {}
        for name, wanted in values.items():
            if name not in declared:
                known, like = ", ".join(declared) or "none", did_you_mean(name, declared)
                raise InvalidSetting(f"{channel} has no setting {name}.{like} It has: {known}.")
            chosen = list(dict.fromkeys(wanted))
            _check(declared[name], chosen)
            locked[name] = self._locked(declared[name], chosen)
        await self._register.set(project_id, channel, locked)

    def _locked(self, setting: ChannelSetting, values: Sequence[str]) -> Sequence[str]:
        return [self._secret_box.lock(value) for value in values] if setting.secret else values

    def _unlocked(self, channel: str, name: str, values: Sequence[str]) -> Sequence[str]:
        try:
            return [self._secret_box.unlock(value) for value in values]
        except StoreUnusable as error:
            raise StoreUnusable(
                f"The {name} of {channel} cannot be read, and every delivery is answered 503 until"
                f" it can. {error}",
                *error.advice,
                Advice(AdviceCode.SET_SECRET_AGAIN, {"channel": channel, "setting": name}),
            ) from error

    def _declared(self, channel: str) -> dict[str, ChannelSetting]:
        return {setting.name: setting for setting in self.channel(channel).settings}


def _check(setting: ChannelSetting, values: Sequence[str]) -> None:
    misfit = setting.misfit(values)
    if misfit is None:
        return
    name = setting.name
    most = "one value" if setting.at_most == 1 else f"at most {setting.at_most} values"
    said = {
        Misfit.TOO_MANY: f"{name} takes {most}.",
        Misfit.TOO_LONG: f"A value of {name} has at most {LONGEST_RECIPIENT} characters.",
        Misfit.NOT_TAKEN: f"{name} cannot have this value. It is: {setting.help}",
    }
    raise InvalidSetting(said[misfit])
