"""What a process is made of."""

from collections.abc import Sequence

from dependency_injector import containers, providers

from adapters.fernet import FernetSecretBox
from adapters.inprocess import InProcessSignInTries
from adapters.internet import PublishedAddressSyntax
from adapters.system import SystemClock
from application.backup.back_up import BackUpStore
from application.backup.restore import RestoreStore
from application.capture.admit_call import AdmitCall
from application.capture.after_leads import AfterLeads
from application.capture.capture_lead import CaptureLead
from application.capture.lead_writer import LeadWriter, WriterLimits
from application.channels.channel_activity import ChannelActivity
from application.channels.channel_settings import ChannelSettings
from application.channels.edit_channel import EditChannel
from application.channels.inspect_channel import InspectChannel
from application.channels.route_item import RouteItem
from application.channels.show_channel import ShowChannel
from application.channels.try_channel import TryChannel
from application.held.arrivals import Arrivals
from application.held.find_held import FindHeld
from application.held.hold_refused import HoldRefused
from application.held.release import ReleaseHeld
from application.held.release_by_hand import ReleaseByHand, ReleaseInBackground
from application.held.release_for_plan import ReleaseForPlan
from application.held.release_listed import ReleaseListed
from application.held.release_loop import ReleaseLoop
from application.keys.authenticate import AuthenticateKey
from application.keys.create import CreateKey
from application.keys.key_usage import KeyUsage
from application.keys.revoke import RevokeKey
from application.leads.find import FindLeads
from application.leads.report import ReportLeads
from application.leads.same_contact import FindSameContact
from application.ports.channel_log import ChannelLog
from application.ports.channel_register import ChannelRegister
from application.ports.clock import Clock
from application.ports.delivery_sender import DeliverySender
from application.ports.health_probe import HealthProbe
from application.ports.held_archive import HeldArchive
from application.ports.held_ledger import HeldLedger
from application.ports.key_register import KeyRegister
from application.ports.lead_archive import LeadArchive
from application.ports.lead_ledger import LeadLedger
from application.ports.password_hash import PasswordHash
from application.ports.project_register import ProjectRegister
from application.ports.rate_guard import RateGuard
from application.ports.session_register import SessionRegister
from application.ports.sign_in_tries import SignInTries
from application.ports.store_backup import StoreBackup
from application.ports.user_register import UserRegister
from application.process.check_readiness import CheckReadiness, ProcessState
from application.process.settings_cache import SettingsCache
from application.projects.create import CreateProject
from application.projects.find import FindProject
from application.projects.overview import OverviewProjects
from application.projects.show import ShowProject
from application.projects.update import UpdateProject
from application.receive.body_reader import BodyReader
from application.receive.keep_items import KeepItems
from application.receive.receive_lead import ReceiveLead
from application.receive.receive_webhook import ReceiveWebhook
from application.receive.unproven import Turns
from application.receive.verify_webhook import VerifyWebhook
from application.users.begin_session import BeginSession
from application.users.change_password import ChangePassword
from application.users.create_user import CreateUser
from application.users.known_devices import KnownDevices
from application.users.make_link import LinkMaker, MakeSignInLink
from application.users.open_link import OpenLink
from application.users.quick_sign_in import QuickSignIn
from application.users.remove_user import RemoveUser
from application.users.sessions import Sessions, SessionUsage
from application.users.sign_in import SignIn
from application.users.throttle import Throttle
from application.users.update_user import UpdateUser
from domain.api_key import ApiKey
from domain.channel import SettingValues
from domain.held import HeldLimits
from domain.project import Project
from entrypoints.channels.loading import load_channels
from entrypoints.container.rate_limits import (
    RateLimits,
    rate_limits_in_memory,
    rate_limits_in_redis,
)
from entrypoints.container.stores import (
    Database,
    Store,
    mongodb_backup,
    mongodb_store,
    sqlite_backup,
    sqlite_store,
)
from entrypoints.process.settings import Settings


def _delivery_sender() -> DeliverySender:
    from adapters.internet.delivery_sender import HttpDeliverySender  # noqa: PLC0415  slow

    return HttpDeliverySender()


def _password_hash() -> PasswordHash:
    from adapters.argon2 import Argon2PasswordHash  # noqa: PLC0415  only who signs in needs it

    return Argon2PasswordHash()


def _channel_cache(
    settings: ChannelSettings, clock: Clock
) -> SettingsCache[tuple[str, str], SettingValues]:
    return SettingsCache.one_by_one(lambda key: settings.read(*key), clock)


def _listing_cache(
    register: ChannelRegister, clock: Clock
) -> SettingsCache[tuple[str, str, str], Sequence[str]]:
    return SettingsCache.one_by_one(lambda key: register.projects_with(*key), clock)


class Container(containers.DeclarativeContainer):
    """Everything that a process is made of, made when it is first asked for."""

    settings: providers.Dependency[Settings] = providers.Dependency(instance_of=Settings)

    # The machine, and libraries
    clock = providers.Singleton(SystemClock)
    address_syntax = providers.Singleton(PublishedAddressSyntax)
    delivery_sender = providers.Singleton(_delivery_sender)
    password_hash = providers.Singleton(_password_hash)
    secret_box = providers.Singleton(
        FernetSecretBox,
        keys=settings.provided.secret_key,
        key_file=settings.provided.secret_key_file,
    )
    rate_limits: providers.Selector[RateLimits] = providers.Selector(
        settings.provided.rate_limits,
        memory=providers.Singleton(rate_limits_in_memory, settings.provided.rate_limit, clock),
        redis=providers.Singleton(
            rate_limits_in_redis, settings.provided.rate_limit, clock, settings.provided.redis_url
        ),
    )
    rate_guard: providers.Provider[RateGuard] = rate_limits.provided.rate_guard
    unproven_guard: providers.Provider[RateGuard] = rate_limits.provided.unproven_guard
    redis_probe: providers.Provider[HealthProbe] = rate_limits.provided.probe
    channels = providers.Singleton(load_channels, settings.provided.channels)

    # What must last
    store: providers.Selector[Store] = providers.Selector(
        settings.provided.store,
        sqlite=providers.Singleton(sqlite_store, settings.provided.sqlite_path),
        mongodb=providers.Singleton(
            mongodb_store, settings.provided.database_url, settings.provided.mongodb_driver
        ),
    )
    database: providers.Provider[Database] = store.provided.database
    database_probe: providers.Provider[HealthProbe] = store.provided.database_probe
    ledger: providers.Provider[LeadLedger] = store.provided.ledger
    archive: providers.Provider[LeadArchive] = store.provided.archive
    held_ledger: providers.Provider[HeldLedger] = store.provided.held_ledger
    held_archive: providers.Provider[HeldArchive] = store.provided.held_archive
    projects: providers.Provider[ProjectRegister] = store.provided.projects
    keys: providers.Provider[KeyRegister] = store.provided.keys
    channel_register: providers.Provider[ChannelRegister] = store.provided.channel_register
    channel_log: providers.Provider[ChannelLog] = store.provided.channel_log
    users: providers.Provider[UserRegister] = store.provided.users
    session_register: providers.Provider[SessionRegister] = store.provided.session_register
    sign_in_tries: providers.Provider[SignInTries] = store.provided.sign_in_tries

    # What a process remembers for two seconds
    key_cache: providers.Singleton[SettingsCache[bytes, ApiKey | None]] = providers.Singleton(
        SettingsCache, keys.provided.find_many, clock
    )
    project_cache: providers.Singleton[SettingsCache[str, Project | None]] = providers.Singleton(
        SettingsCache, projects.provided.find_many, clock
    )
    channel_settings = providers.Singleton(ChannelSettings, channels, channel_register, secret_box)
    channel_cache = providers.Singleton(_channel_cache, channel_settings, clock)
    listing_cache = providers.Singleton(_listing_cache, channel_register, clock)

    # The process
    state = providers.Singleton(ProcessState)
    writer_limits = providers.Singleton(WriterLimits)
    writer = providers.Singleton(LeadWriter, ledger, project_cache, clock, writer_limits)
    key_usage = providers.Singleton(KeyUsage, keys, clock)
    channel_activity = providers.Singleton(ChannelActivity, channel_log, clock)
    route_item = providers.Singleton(RouteItem, channel_settings, channel_cache, listing_cache)
    held_limits = providers.Singleton(
        HeldLimits, calls=settings.provided.held_max, days=settings.provided.held_days
    )
    arrivals = providers.Singleton(Arrivals, archive, held_archive)
    release_held = providers.Singleton(
        ReleaseHeld, held_archive, held_ledger, writer, channels, arrivals
    )
    release_listed = providers.Singleton(
        ReleaseListed, held_archive, release_held, route_item, channels
    )
    release_for_plan = providers.Singleton(
        ReleaseForPlan, held_archive, release_held, project_cache, clock, arrivals
    )
    release_loop = providers.Singleton(
        ReleaseLoop,
        held_archive,
        held_ledger,
        release_listed,
        release_for_plan,
        clock,
        held_limits,
    )

    keep_items = providers.Singleton(
        KeepItems,
        route_item,
        writer,
        held_ledger,
        held_archive,
        unproven_guard,
        release_for_plan.provided.note_person,
        held_limits,
    )
    body_reader = providers.Singleton(BodyReader)
    unproven_turns = providers.Singleton(Turns, clock)

    # Use cases of HTTP
    authenticate_key = providers.Singleton(AuthenticateKey, key_cache, project_cache, key_usage)
    admit_call = providers.Singleton(AdmitCall, authenticate_key, rate_guard)
    capture_lead = providers.Singleton(CaptureLead, writer, address_syntax, clock)
    hold_refused = providers.Singleton(HoldRefused, held_ledger, held_archive, clock, held_limits)
    after_leads = providers.Singleton(AfterLeads, writer)
    receive_lead = providers.Singleton(
        ReceiveLead, admit_call, capture_lead, hold_refused, after_leads, address_syntax, clock
    )
    verify_webhook = providers.Singleton(
        VerifyWebhook, authenticate_key, channel_settings, channel_cache, channel_activity
    )
    receive_webhook = providers.Singleton(
        ReceiveWebhook,
        authenticate_key,
        channel_settings,
        channel_cache,
        keep_items,
        channel_activity,
        body_reader,
        unproven_turns,
        clock,
    )
    check_readiness = providers.Singleton(
        CheckReadiness, providers.List(database_probe, redis_probe), state, clock
    )

    # Use cases of the command line
    find_project = providers.Singleton(FindProject, projects)
    create_key = providers.Singleton(CreateKey, keys, clock)
    create_project = providers.Singleton(CreateProject, projects, create_key, address_syntax, clock)
    update_project = providers.Singleton(UpdateProject, projects, address_syntax)
    find_held = providers.Singleton(FindHeld, held_archive)
    release_by_hand = providers.Singleton(ReleaseByHand, release_held, route_item)
    revoke_key = providers.Singleton(RevokeKey, keys, clock)
    show_channel = providers.Singleton(
        ShowChannel, channel_settings, create_key, settings.provided.public_url
    )
    inspect_channel = providers.Singleton(
        InspectChannel, show_channel, channel_settings, channel_log, held_archive, projects
    )
    edit_channel = providers.Singleton(EditChannel, channel_settings)
    try_channel = providers.Singleton(TryChannel, show_channel, channel_settings, delivery_sender)
    show_project = providers.Singleton(
        ShowProject, find_project, archive, held_archive, keys, show_channel, channels, clock
    )

    # Use cases of the console
    overview_projects = providers.Singleton(OverviewProjects, archive, clock)
    release_in_background = providers.Singleton(ReleaseInBackground, release_by_hand)

    # Kept leads
    find_leads = providers.Singleton(FindLeads, archive, clock)
    find_same_contact = providers.Singleton(FindSameContact, find_leads)
    report_leads = providers.Singleton(ReportLeads, archive, clock)

    # Who signs in to the console
    known_devices = providers.Singleton(KnownDevices, secret_box)
    throttle = providers.Singleton(
        Throttle, sign_in_tries, providers.Singleton(InProcessSignInTries), clock
    )
    begin_session = providers.Singleton(BeginSession, session_register, known_devices, clock)
    session_usage = providers.Singleton(SessionUsage, session_register, clock)
    sessions = providers.Singleton(Sessions, users, session_register, session_usage, clock)
    sign_in = providers.Singleton(
        SignIn, users, password_hash, throttle, known_devices, begin_session, clock
    )
    open_sign_in_link = providers.Singleton(OpenLink, users, password_hash, begin_session, clock)
    change_password = providers.Singleton(
        ChangePassword, users, password_hash, throttle, begin_session
    )
    link_maker = providers.Singleton(LinkMaker, settings.provided.public_url, clock)
    quick_sign_in = providers.Singleton(
        QuickSignIn, users, link_maker, settings.provided.public_url, clock
    )
    create_user = providers.Singleton(CreateUser, users, address_syntax, link_maker, clock)
    make_sign_in_link = providers.Singleton(MakeSignInLink, users, link_maker)
    update_user = providers.Singleton(UpdateUser, users)
    remove_user = providers.Singleton(RemoveUser, users)

    # Of the closed store: nothing below opens it
    store_backup: providers.Selector[StoreBackup] = providers.Selector(
        settings.provided.store,
        sqlite=providers.Singleton(
            sqlite_backup, settings.provided.sqlite_path, settings.provided.secret_key_file
        ),
        mongodb=providers.Singleton(mongodb_backup),
    )
    back_up_store = providers.Singleton(BackUpStore, store_backup, channels, secret_box)
    restore_store = providers.Singleton(
        RestoreStore,
        store_backup,
        channels,
        secret_box,
        providers.Factory(FernetSecretBox, keys=settings.provided.secret_key).provider,
    )
