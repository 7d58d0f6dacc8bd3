"""The one place where a port meets its adapter."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from dependency_injector import containers, providers

from adapters.fernet import FernetSecretBox
from adapters.inprocess import InProcessHealthProbe, InProcessRateGuard, NoRateGuard
from adapters.internet import PublishedInternetNames
from adapters.mongodb import (
    MongoChannelRegister,
    MongoDatabase,
    MongoHealthProbe,
    MongoKeyRegister,
    MongoLeadArchive,
    MongoLeadLedger,
    MongoProjectRegister,
)
from adapters.sqlite import (
    SqliteChannelRegister,
    SqliteDatabase,
    SqliteHealthProbe,
    SqliteKeyRegister,
    SqliteLeadArchive,
    SqliteLeadLedger,
    SqliteProjectRegister,
)
from adapters.system import SystemClock
from application.admit_call import AdmitCall
from application.authenticate_key import AuthenticateKey
from application.capture_lead import CaptureLead
from application.channel_settings import ChannelSettings
from application.check_readiness import CheckReadiness, ProcessState
from application.create_key import CreateKey
from application.create_project import CreateProject
from application.find_project import FindProject
from application.fresh_cache import FreshCache
from application.key_usage import KeyUsage
from application.lead_writer import LeadWriter
from application.ports.clock import Clock
from application.ports.rate_guard import RateGuard
from application.receive_webhook import ReceiveWebhook
from application.revoke_key import RevokeKey
from application.show_channel import ShowChannel
from application.show_project import ShowProject
from application.update_project import UpdateProject
from application.verify_webhook import VerifyWebhook
from entrypoints.channels import load_channels
from entrypoints.settings import Rate, Settings


def _rate_guard(rate: Rate | None, clock: Clock) -> RateGuard:
    return InProcessRateGuard(rate.calls, rate.seconds, clock) if rate else NoRateGuard()


def _in_either(
    store: Any, database: Any, sqlite: Callable[..., Any], mongodb: Callable[..., Any]
) -> Any:
    """One adapter of a durable port, of the store that is configured."""
    return providers.Selector(
        store,
        sqlite=providers.Singleton(sqlite, database),
        mongodb=providers.Singleton(mongodb, database),
    )


class Container(containers.DeclarativeContainer):
    """Everything that a process is made of, made when it is first asked for."""

    settings: providers.Dependency[Settings] = providers.Dependency(instance_of=Settings)
    store = settings.provided.store

    # The machine, and libraries
    clock = providers.Singleton(SystemClock)
    names = providers.Singleton(PublishedInternetNames)
    secret_box = providers.Singleton(
        FernetSecretBox,
        keys=settings.provided.secret_key,
        key_file=settings.provided.secret_key_file,
    )
    rate_guard = providers.Singleton(_rate_guard, settings.provided.rate_limit, clock)
    channels = providers.Singleton(load_channels, settings.provided.channels)

    # What must last: a row for each store
    database = providers.Selector(
        store,
        sqlite=providers.Singleton(SqliteDatabase, settings.provided.sqlite_path),
        mongodb=providers.Singleton(
            MongoDatabase, settings.provided.database_url, settings.provided.mongodb_driver
        ),
    )
    ledger = _in_either(store, database, SqliteLeadLedger, MongoLeadLedger)
    archive = _in_either(store, database, SqliteLeadArchive, MongoLeadArchive)
    projects = _in_either(store, database, SqliteProjectRegister, MongoProjectRegister)
    keys = _in_either(store, database, SqliteKeyRegister, MongoKeyRegister)
    channel_register = _in_either(store, database, SqliteChannelRegister, MongoChannelRegister)
    database_probe = _in_either(store, database, SqliteHealthProbe, MongoHealthProbe)
    redis_probe = providers.Singleton(InProcessHealthProbe, "redis")

    # What a process remembers for two seconds
    key_cache: providers.Singleton[FreshCache[Any, Any]] = providers.Singleton(
        FreshCache, keys.provided.find, clock
    )
    project_cache: providers.Singleton[FreshCache[Any, Any]] = providers.Singleton(
        FreshCache, projects.provided.find, clock
    )
    channel_settings = providers.Singleton(ChannelSettings, channels, channel_register, secret_box)
    channel_cache: providers.Singleton[FreshCache[Any, Any]] = providers.Singleton(
        lambda settings, clock: FreshCache(lambda key: settings.read(*key), clock),
        channel_settings,
        clock,
    )

    # The process
    state = providers.Singleton(ProcessState)
    writer = providers.Singleton(LeadWriter, ledger, project_cache, clock)
    key_usage = providers.Singleton(KeyUsage, keys, clock)

    # Use cases of HTTP
    authenticate_key = providers.Singleton(AuthenticateKey, key_cache, project_cache, key_usage)
    admit_call = providers.Singleton(AdmitCall, authenticate_key, rate_guard)
    capture_lead = providers.Singleton(CaptureLead, writer, names, clock)
    verify_webhook = providers.Singleton(
        VerifyWebhook, authenticate_key, channel_settings, channel_cache
    )
    receive_webhook = providers.Singleton(
        ReceiveWebhook, authenticate_key, channel_settings, channel_cache, writer, clock
    )
    check_readiness = providers.Singleton(
        CheckReadiness, providers.List(database_probe, redis_probe), state, clock
    )

    # Use cases of the command line
    find_project = providers.Singleton(FindProject, projects)
    create_key = providers.Singleton(CreateKey, keys, clock)
    create_project = providers.Singleton(CreateProject, projects, create_key, names, clock)
    update_project = providers.Singleton(UpdateProject, projects, names)
    revoke_key = providers.Singleton(RevokeKey, keys, clock)
    show_channel = providers.Singleton(
        ShowChannel, channel_settings, create_key, settings.provided.public_url
    )
    show_project = providers.Singleton(
        ShowProject, find_project, archive, keys, show_channel, channels, clock
    )


@asynccontextmanager
async def opened_store(
    container: Container, *, create: bool, patient: bool = False
) -> AsyncIterator[None]:
    """
    The store, open for as long as the block lasts.

    If *patient*, a server that is away may come later; until then what needs it is answered
    `StorageUnavailable`.

    Raises:
        StoreUnusable: It is missing (and not to be made), foreign, or newer than this program.
        StorageUnavailable: Its server did not answer in time, and nobody is patient.
    """
    async with container.database().opened(create=create, patient=patient):
        yield


@asynccontextmanager
async def running_process(container: Container) -> AsyncIterator[None]:
    """All that a serving process needs, from the open store to the writer; ended in reverse."""
    container.channels()
    async with opened_store(container, create=True, patient=True):
        writer, usage, state = container.writer(), container.key_usage(), container.state()
        writer.start()
        usage.start()
        state.serving = True
        try:
            yield
        finally:
            state.serving = False
            await writer.stop()
            await usage.stop()
