"""What the commands need from the program around them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeVar

from application.backup.back_up import BackUpStore
from application.backup.restore import RestoreStore
from application.capture.lead_writer import LeadWriter
from application.channels.channel_settings import ChannelSettings
from application.channels.inspect_channel import InspectChannel
from application.channels.try_channel import TryChannel
from application.held.release_by_hand import ReleaseByHand
from application.keys.create import CreateKey
from application.keys.revoke import RevokeKey
from application.ports.held_archive import HeldArchive
from application.ports.key_register import KeyRegister
from application.ports.lead_archive import LeadArchive
from application.ports.lead_channel import LeadChannel
from application.ports.project_register import ProjectRegister
from application.projects.create import CreateProject
from application.projects.find import FindProject
from application.projects.show import ShowProject
from application.projects.update import UpdateProject
from entrypoints.cli.failures import reported
from entrypoints.process.settings import Settings

T = TypeVar("T")


class Services(Protocol):
    """Use cases and readers, each as a provider; the container has them all."""

    @property
    def settings(self) -> Callable[[], Settings]: ...
    @property
    def projects(self) -> Callable[[], ProjectRegister]: ...
    @property
    def keys(self) -> Callable[[], KeyRegister]: ...
    @property
    def archive(self) -> Callable[[], LeadArchive]: ...
    @property
    def held_archive(self) -> Callable[[], HeldArchive]: ...
    @property
    def release_by_hand(self) -> Callable[[], ReleaseByHand]: ...
    @property
    def writer(self) -> Callable[[], LeadWriter]: ...
    @property
    def channels(self) -> Callable[[], Mapping[str, LeadChannel]]: ...
    @property
    def channel_settings(self) -> Callable[[], ChannelSettings]: ...
    @property
    def find_project(self) -> Callable[[], FindProject]: ...
    @property
    def create_project(self) -> Callable[[], CreateProject]: ...
    @property
    def update_project(self) -> Callable[[], UpdateProject]: ...
    @property
    def create_key(self) -> Callable[[], CreateKey]: ...
    @property
    def revoke_key(self) -> Callable[[], RevokeKey]: ...
    @property
    def show_project(self) -> Callable[[], ShowProject]: ...
    @property
    def inspect_channel(self) -> Callable[[], InspectChannel]: ...
    @property
    def try_channel(self) -> Callable[[], TryChannel]: ...


class ClosedServices(Protocol):
    """What is done with a store that this process has not open."""

    @property
    def back_up_store(self) -> Callable[[], BackUpStore]: ...
    @property
    def restore_store(self) -> Callable[[], RestoreStore]: ...


class Program(Protocol):
    """What a command can do: read the settings, use the store, or serve."""

    def settings(self) -> Settings:
        """The settings of this process."""

    def services(self, *, create: bool) -> AbstractAsyncContextManager[Services]:
        """The services over an open store, which is made first if *create*."""

    def closed_services(self) -> ClosedServices:
        """Those that leave the store closed."""

    def serve(self, host: str, port: int, on_ready: Callable[[str], None]) -> None:
        """Serve until told to end; *on_ready* gets the URL."""


def run(
    program: Program, use: Callable[[Services], Awaitable[T]], *, create_store: bool = False
) -> T:
    """What *use* makes of the services; a failure is reported and ends the command."""

    async def work() -> T:
        async with program.services(create=create_store) as services:
            return await use(services)

    with reported():
        return asyncio.run(work())
