"""Who may open which page: every route of the router, tried by everybody, with every method."""

import json
import re
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from sanic import Sanic

from domain.errors import NotFound
from domain.users.refusals import NotThere
from entrypoints.console.frame.cookies import Cookies
from entrypoints.console.frame.rules import GET, Guarded, Route, Rule
from entrypoints.console.frame.static_files import static_files
from entrypoints.container import Container
from entrypoints.http.app import create_app
from entrypoints.process.settings import Settings
from tests.entrypoints.cli.leads.held_calls import refused
from tests.entrypoints.console.browser import CONSOLE, Browser, Page, a_user
from tests.support.program import Server
from tests.support.stores import Account, Store
from tests.support.wire import request as call

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
SIGN_IN = f"{CONSOLE}/sign-in"
VISITORS = ("nobody", "outsider", "member", "admin")
LETS_IN = {
    Rule.NOBODY: {*VISITORS},
    Rule.ANYBODY_SIGNED_IN: {"outsider", "member", "admin"},
    Rule.MEMBER_OF_PROJECT: {"member", "admin"},
    Rule.ADMIN: {"admin"},
}


class Known(NamedTuple):
    """A path of the router, with the rule of each method that it knows."""

    path: str
    rules: Mapping[str, Rule | None]


def _routes(app: Any) -> list[Known]:
    found: dict[str, dict[str, Rule | None]] = {}
    for route in app.router.routes:
        path = f"/{route.path}"
        if path == "/" or f"{path}/".startswith(f"{CONSOLE}/"):
            rule = getattr(route.handler, "rule", None)
            found.setdefault(path, {}).update(dict.fromkeys(route.methods, rule))
    return [Known(path, rules) for path, rules in found.items()]


def _without_a_rule(routes: Iterable[Known]) -> list[str]:
    return [known.path for known in routes if None in known.rules.values()]


FROM_THE_PATH = {
    "/static/": Rule.NOBODY,
    "/sign-in": Rule.NOBODY,
    "/link": Rule.NOBODY,
    "/users": Rule.ADMIN,
    "/projects/<project_id:str>": Rule.MEMBER_OF_PROJECT,
    "": Rule.ANYBODY_SIGNED_IN,
}
"""The rule of all paths that begin like this; the first one counts. An admin's may be stricter."""


def _wrong_rules(routes: Iterable[Known]) -> dict[str, set[Rule | None]]:
    found = {}
    for path, rules in routes:
        below = path.removeprefix(CONSOLE)
        expected = next(rule for start, rule in FROM_THE_PATH.items() if below.startswith(start))
        if path != "/" and not {*rules.values()} <= {expected, Rule.ADMIN}:
            found[path] = {*rules.values()}
    return found


@pytest.fixture
def app(tmp_path: Path) -> Any:
    """A real application, only for its router."""
    Sanic.test_mode = True
    Sanic._app_registry.clear()
    settings = Settings(database_url=f"sqlite:///{tmp_path}/leads.db")
    return create_app(Container(settings=settings), nullcontext())


@pytest.fixture(scope="package")
def named(store: Store, server: Server, acme: Account, admin: Browser) -> Mapping[str, str]:
    """What each name in a path may stand for."""
    a_user(store, "named@example.com")
    lead = call(server.port, "POST", "/api/public/lead", {"X-Api-Key": acme.key}, b"{}")
    user = store.use(lambda c: c.users().find("named@example.com"))
    held = refused(acme.project_id, 1, captured_at=datetime.now(UTC))
    store.use(lambda c: c.held_ledger().hold([held]))
    return {
        "project_id": acme.project_id,
        "user_id": user.user_id,
        "key_id": acme.key_id,
        "channel": "whatsapp",
        "setting": "app_secret",
        "name": static_files()["console.css"].name,
        "language": "python",
        "form": "csv",
        "lead_id": str(json.loads(lead.body)["lead_id"]),
        "held_id": held.held_id,
        "code": held.code,
    }


def _wrongly_answered(
    browser: Browser, who: str, routes: Iterable[Known], named: Mapping[str, str]
) -> dict[str, str]:
    found = {}
    for known in routes:
        path = re.sub(r"<(\w+):\w+>", lambda match: named[match[1]], known.path)
        for method in METHODS:
            page = _asked(browser, method, path)
            expected = _expected(method, known.rules.get(method), who)
            if (said := _said(page)) != expected:
                found[f"{method} {path}"] = f"{said}, not {expected}"
    return found


def _asked(browser: Browser, method: str, path: str) -> Page:
    """Ask for it as nobody's form does: a POST that is let in is refused for its token."""
    if method == "POST" and path.startswith(CONSOLE):
        return browser.post(path.removeprefix(CONSOLE), token="made up")
    return browser.send(method, path)


def _said(page: Page) -> str:
    if page.location == SIGN_IN or (page.location or "").startswith(f"{SIGN_IN}?next="):
        return "sign in first"
    return {404: "not there", 405: "no such method", 403: "not our form"}.get(page.status, "let in")


def _expected(method: str, rule: Rule | None, who: str) -> str:
    if rule is None:
        return "no such method"
    if who in LETS_IN[rule]:
        return "not our form" if method == "POST" else "let in"
    return "sign in first" if who == "nobody" else "not there"


@pytest.mark.parametrize("who", VISITORS)
def test_each_route_lets_in_those_of_its_rule_and_nobody_else(
    request: pytest.FixtureRequest, app: Any, named: Mapping[str, str], who: str
) -> None:
    browser = request.getfixturevalue("visitor" if who == "nobody" else who)
    if who == "nobody":
        browser.get("/sign-in")  # for the cookie of its forms
    routes = _routes(app)

    assert len(routes) > 10
    assert _wrongly_answered(browser, who, routes, named) == {}


def test_the_rule_of_a_route_is_that_of_its_path(app: Any) -> None:
    assert _wrong_rules(_routes(app)) == {}


def test_a_route_with_the_rule_of_another_path_would_be_noticed() -> None:
    wrong = {"/console/users/<user_id:str>": Rule.ANYBODY_SIGNED_IN, "/console/new": Rule.NOBODY}

    assert {*_wrong_rules(Known(path, {"GET": rule}) for path, rule in wrong.items())} == {*wrong}


def test_every_route_has_a_rule(app: Any) -> None:
    assert _without_a_rule(_routes(app)) == []


def test_a_route_without_a_rule_would_be_noticed(app: Any) -> None:
    async def page(_: object) -> None: ...

    app.add_route(page, "/console/new")

    assert _without_a_rule(_routes(app)) == ["/console/new"]


def test_what_is_no_project_is_as_little_there_as_another_ones(
    outsider: Browser, acme: Account
) -> None:
    theirs, none = (outsider.get(f"/projects/{one}") for one in (acme.project_id, "prj_none"))

    assert (theirs.status, none.status) == (404, 404)
    assert _without_id(theirs) == _without_id(none)


async def test_what_a_page_looks_for_in_vain_is_not_there() -> None:
    async def page(_: object) -> Any:
        raise NotFound("It was removed a moment ago.")

    async def nobody(_: object, **__: object) -> None: ...

    frame: Any = SimpleNamespace(
        cookies=Cookies("/", is_https=False), sessions=SimpleNamespace(authenticate=nobody)
    )
    request: Any = SimpleNamespace(cookies={})

    with pytest.raises(NotThere):
        await Guarded(frame, Route(GET, "", Rule.NOBODY, page))(request)


def test_a_project_is_found_by_its_id_alone(member: Browser) -> None:
    assert member.get("/projects/Acme%20Ltd").status == 404


@pytest.mark.parametrize(
    ("asked", "back"),
    [
        ("/account", "/console/sign-in?next=%2Faccount"),
        ("/users?of=acme", "/console/sign-in?next=%2Fusers%3Fof%3Dacme"),
        ("", "/console/sign-in"),
    ],
)
def test_who_is_not_signed_in_is_sent_to_the_sign_in_and_back(
    visitor: Browser, asked: str, back: str
) -> None:
    page = visitor.get(asked)

    assert (page.status, page.location) == (303, back)


@pytest.mark.parametrize(
    ("path", "above"),
    [
        ("/account/password", "/account"),
        ("/sign-out", ""),
        ("/users/{user_id}/link", "/users/{user_id}"),
        ("/projects/{project_id}/first-steps/key", "/projects/{project_id}/first-steps"),
        (
            "/projects/{project_id}/settings/whatsapp/app_secret/end-older",
            "/projects/{project_id}/settings/whatsapp",
        ),
    ],
)
def test_where_only_a_form_is_sent_to_one_is_led_to_the_page_above(
    admin: Browser, named: Mapping[str, str], path: str, above: str
) -> None:
    page = admin.get(path.format(**named))

    assert (page.status, page.location) == (303, CONSOLE + above.format(**named))


def _without_id(page: Page) -> str:
    return re.sub(r"req_\w+", "", page.text)
