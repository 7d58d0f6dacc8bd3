"""Where the settings of channels are kept, per project."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Protocol

from domain.channel import SettingValues


class ChannelRegister(Protocol):
    """
    What projects have set for their channels; secrets arrive locked.

    Any method may raise `StorageUnavailable`; the caller may call again.
    """

    @abstractmethod
    async def get(self, project_id: str, channel: str) -> SettingValues:
        """The settings of one channel of one project; empty when nothing was ever set."""

    @abstractmethod
    async def set(self, project_id: str, channel: str, values: SettingValues) -> SettingValues:
        """
        Replace each setting that *values* names, leave the others; an empty value removes.

        Atomic. Returns all settings as they are now.
        """

    @abstractmethod
    async def set_missing(
        self, project_id: str, channel: str, values: SettingValues
    ) -> SettingValues:
        """As `set`, but only for settings that have no value yet; of concurrent calls one wins."""

    @abstractmethod
    async def projects_with(self, channel: str, name: str, value: str) -> Sequence[str]:
        """The ids of all projects whose setting *name* of *channel* has this *value*, ascending."""

    @abstractmethod
    async def projects_with_any(
        self, channel: str, name: str, values: Sequence[str]
    ) -> Mapping[str, Sequence[str]]:
        """
        Which of *values* each project's setting *name* of *channel* has, by project id.

        Ids ascend, and the values keep their order; a project that has none of them is not there.
        One question, however many values.
        """
