"""Every page of the console, and who may open it."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from entrypoints.console.frame.addresses import CONSOLE, Addresses
from entrypoints.console.frame.cookies import Cookies
from entrypoints.console.frame.error_pages import ErrorPages
from entrypoints.console.frame.rules import GET, HEAD, POST, Guarded, Route, Rule, to_page_above
from entrypoints.console.frame.static_files import StaticFiles, static_files
from entrypoints.console.frame.templates import environment
from entrypoints.console.frame.visit import Frame
from entrypoints.console.notices import Notices
from entrypoints.console.pages.leads.export import ExportPage
from entrypoints.console.pages.leads.held import HeldPage
from entrypoints.console.pages.leads.held_call import HeldCallPage
from entrypoints.console.pages.leads.held_group import HeldGroupPage
from entrypoints.console.pages.leads.held_remedies import HeldRemedies
from entrypoints.console.pages.leads.lead import LeadPage
from entrypoints.console.pages.leads.leads import LeadsPage
from entrypoints.console.pages.project.channel import ChannelPage
from entrypoints.console.pages.project.examples import ExamplesPage
from entrypoints.console.pages.project.first_steps import FirstStepsPage
from entrypoints.console.pages.project.keys import KeysPage
from entrypoints.console.pages.project.overview import OverviewPage
from entrypoints.console.pages.project.projects import ProjectsPage, to_projects
from entrypoints.console.pages.project.settings import SettingsPage
from entrypoints.console.pages.users.account import AccountPage
from entrypoints.console.pages.users.link import LinkPage
from entrypoints.console.pages.users.sign_in import SignInPage
from entrypoints.console.pages.users.user import UserPage
from entrypoints.console.pages.users.users import UsersPage
from entrypoints.container import Container
from entrypoints.http.client_address import ClientAddress
from entrypoints.http.request import App


def pages(container: Container) -> Sequence[Route]:
    """The table of all pages."""
    return (
        *_of_visitors(container),
        *_of_users(container),
        *_of_projects(container),
        *_of_leads(container),
        *_of_held(container),
        *_of_channels(container),
    )


def _of_visitors(container: Container) -> Sequence[Route]:
    sign_in = SignInPage(container.sign_in(), container.sessions())
    link = LinkPage(container.open_sign_in_link())
    account = AccountPage(container.change_password())
    return (
        Route(GET, "/sign-in", Rule.NOBODY, sign_in.show),
        Route(POST, "/sign-in", Rule.NOBODY, sign_in.enter),
        Route(POST, "/sign-out", Rule.ANYBODY_SIGNED_IN, sign_in.leave),
        Route(POST, "/sign-out-everywhere", Rule.ANYBODY_SIGNED_IN, sign_in.leave_everywhere),
        Route(GET, "/link", Rule.NOBODY, link.show),
        Route(POST, "/link", Rule.NOBODY, link.use),
        Route(GET, "/account", Rule.ANYBODY_SIGNED_IN, account.show),
        Route(POST, "/account/password", Rule.ANYBODY_SIGNED_IN, account.change),
    )


def _of_users(container: Container) -> Sequence[Route]:
    users = UsersPage(container.users(), container.create_user())
    user = UserPage(
        container.users(),
        container.update_user(),
        container.make_sign_in_link(),
        container.remove_user(),
    )
    return (
        Route(GET, "/users", Rule.ADMIN, users.show),
        Route(GET, "/users/invite", Rule.ADMIN, users.invitation),
        Route(POST, "/users/invite", Rule.ADMIN, users.invite),
        Route(GET, "/users/<user_id:str>", Rule.ADMIN, user.show),
        Route(POST, "/users/<user_id:str>", Rule.ADMIN, user.save),
        Route(POST, "/users/<user_id:str>/link", Rule.ADMIN, user.link),
        Route(GET, "/users/<user_id:str>/remove", Rule.ADMIN, user.ask),
        Route(POST, "/users/<user_id:str>/remove", Rule.ADMIN, user.remove),
    )


def _of_projects(container: Container) -> Sequence[Route]:
    projects = ProjectsPage(
        container.overview_projects(), container.report_leads(), container.create_project()
    )
    first_page = OverviewPage(container.report_leads(), container.archive())
    settings = SettingsPage(container.update_project())
    keys = KeysPage(container.keys(), container.create_key(), container.revoke_key())
    one = "/projects/<project_id:str>"
    of_keys = f"{one}/settings/keys"
    return (
        Route(GET, "", Rule.ANYBODY_SIGNED_IN, projects.show),
        Route(GET, "/projects/new", Rule.ADMIN, projects.blank),
        Route(POST, "/projects/new", Rule.ADMIN, projects.create),
        Route(GET, one, Rule.MEMBER_OF_PROJECT, first_page.show),
        Route(GET, f"{one}/settings", Rule.MEMBER_OF_PROJECT, settings.show),
        Route(POST, f"{one}/settings", Rule.MEMBER_OF_PROJECT, settings.save),
        Route(GET, of_keys, Rule.MEMBER_OF_PROJECT, keys.show),
        Route(GET, f"{of_keys}/new", Rule.MEMBER_OF_PROJECT, keys.blank),
        Route(POST, f"{of_keys}/new", Rule.MEMBER_OF_PROJECT, keys.make),
        Route(GET, f"{of_keys}/<key_id:str>/revoke", Rule.MEMBER_OF_PROJECT, keys.ask),
        Route(POST, f"{of_keys}/<key_id:str>/revoke", Rule.MEMBER_OF_PROJECT, keys.revoke),
    )


def _of_leads(container: Container) -> Sequence[Route]:
    project = "/projects/<project_id:str>"
    member = Rule.MEMBER_OF_PROJECT
    leads = LeadsPage(container.find_leads(), container.report_leads(), container.channels())
    export = ExportPage(container.find_leads())
    lead = LeadPage(container.archive(), container.find_same_contact())
    examples = ExamplesPage(container.archive())
    first_steps = FirstStepsPage(
        container.archive(), container.capture_lead(), container.create_key()
    )
    return (
        Route(GET, f"{project}/leads", member, leads.show),
        Route(GET, f"{project}/leads/newest", member, leads.newest, by_itself=True),
        Route(GET, f"{project}/leads/export/<form:str>", member, export.send),
        Route(GET, f"{project}/leads/<lead_id:str>", member, lead.show),
        Route(GET, f"{project}/examples", member, examples.show),
        Route(GET, f"{project}/examples/<language:str>", member, examples.show),
        Route(GET, f"{project}/first-steps", member, first_steps.show),
        Route(POST, f"{project}/first-steps", member, first_steps.capture),
        Route(POST, f"{project}/first-steps/key", member, first_steps.make_key),
    )


def _of_held(container: Container) -> Sequence[Route]:
    release = container.release_in_background()
    syntax = container.address_syntax()
    held = HeldPage(container.held_archive(), container.arrivals(), container.channels(), syntax)
    call = HeldCallPage(container.find_held(), container.arrivals(), release, syntax)
    group = HeldGroupPage(held, release)
    remedies = HeldRemedies(held, container.update_project(), container.edit_channel())
    path, member = "/projects/<project_id:str>/held", Rule.MEMBER_OF_PROJECT
    reason = f"{path}/reason/<code:str>"
    return (
        Route(GET, path, member, held.show),
        Route(POST, f"{path}/release", member, call.release),
        Route(POST, f"{path}/domain", member, remedies.allow),
        Route(POST, f"{path}/number", member, remedies.list_number),
        Route(GET, f"{path}/<held_id:str>", member, call.show),
        Route(GET, reason, member, held.show_reason),
        Route(GET, f"{reason}/release", member, group.ask),
        Route(POST, f"{reason}/release", member, group.release),
    )


def _of_channels(container: Container) -> Sequence[Route]:
    channel = ChannelPage(
        container.channels(),
        container.channel_settings(),
        container.inspect_channel(),
        container.edit_channel(),
        container.try_channel(),
        container.revoke_key(),
    )
    path = "/projects/<project_id:str>/settings/<channel:str>"
    secret = f"{path}/<setting:str>"
    return (
        Route(GET, path, Rule.MEMBER_OF_PROJECT, channel.show),
        Route(POST, path, Rule.MEMBER_OF_PROJECT, channel.save),
        Route(POST, f"{path}/test", Rule.MEMBER_OF_PROJECT, channel.test),
        Route(POST, f"{path}/numbers", Rule.MEMBER_OF_PROJECT, channel.list_number),
        Route(GET, f"{path}/url", Rule.MEMBER_OF_PROJECT, channel.ask_for_url),
        Route(POST, f"{path}/url", Rule.MEMBER_OF_PROJECT, channel.make_url),
        Route(POST, f"{secret}/end-older", Rule.MEMBER_OF_PROJECT, channel.end_older),
        Route(GET, f"{secret}/remove", Rule.MEMBER_OF_PROJECT, channel.ask),
        Route(POST, f"{secret}/remove", Rule.MEMBER_OF_PROJECT, channel.remove),
    )


def ways_back(table: Sequence[Route]) -> Sequence[Route]:
    """
    A GET for each path that only takes forms: it leads to the page above.

    What a form answers with stands at that path in the address bar, and is asked for again with
    Enter, by a bookmark, or after the sign-in.
    """
    opened = {route.path for route in table if route.method == GET}
    return [
        replace(route, method=GET, page=to_page_above(_above(route.path, opened)))
        for route in table
        if route.path not in opened
    ]


def _above(path: str, opened: Collection[str]) -> str:
    """The nearest path above *path* that is a page."""
    while path not in opened:
        path = path.rpartition("/")[0]
    return path


def add_console(app: App, container: Container, client_address: ClientAddress) -> ErrorPages:
    """Add all pages to *app*; what answers a failure on one of them with a page."""
    files = static_files()
    canonical_host = container.address_syntax().canonical_host
    addresses = Addresses(container.settings().public_url, canonical_host)
    templates = environment(
        addresses.url,
        lambda name: addresses.url(f"/static/{files[name].name}"),
        container.channels(),
    )
    frame = Frame(
        addresses=addresses,
        cookies=Cookies(addresses.root, is_https=addresses.is_https),
        templates=templates,
        sessions=container.sessions(),
        projects=container.projects(),
        overview=container.overview_projects(),
        notices=Notices(
            container.channels(),
            container.channel_settings(),
            container.channel_log(),
            container.settings().public_url,
        ),
        client_address=client_address,
        clock=container.clock(),
    )
    table = pages(container)
    for route in [*table, *ways_back(table)]:
        _add(app, f"{CONSOLE}{route.path}", Guarded(frame, route), route.method)
    _add(app, "/", Guarded(frame, Route(GET, "", Rule.NOBODY, to_projects)), GET)
    _add(app, f"{CONSOLE}/static/<name:str>", StaticFiles(files.values()), GET)
    return ErrorPages(frame)


def _add(app: App, path: str, handler: Guarded | StaticFiles, method: str) -> None:
    name = re.sub(r"\W+", "_", f"console {method} {path}")
    methods = [GET, HEAD] if method == GET else [method]  # what watches a service asks with HEAD
    app.add_route(handler, path, methods, name=name)
