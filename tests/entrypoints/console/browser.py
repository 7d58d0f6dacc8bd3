"""A browser without script: it keeps cookies, fills in forms, and says where a form came from."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPMessage
from http.cookies import SimpleCookie
from types import MappingProxyType
from urllib.parse import urlencode

from entrypoints.console.frame.cookies import Cookie
from tests.support.program import Server
from tests.support.stores import Store

PASSWORD = "a password of some words"
CONSOLE = "/console"
SECRETS: set[str] = set()
"""What was typed into forms and what browsers keep: nothing of it may be in a log."""
_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')


@dataclass(frozen=True)
class Page:
    status: int
    headers: HTTPMessage
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()

    @property
    def location(self) -> str | None:
        return self.headers["Location"]

    @property
    def words(self) -> str:
        """What a person reads."""
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", self.text)).split())

    @property
    def shown(self) -> dict[str, str]:
        """What the form says that its fields had when it was opened."""
        rows = re.findall(r'name="(shown\.\w+)" value="([^"]*)"', self.text)
        return {name: html.unescape(text).replace("\n", "\r\n") for name, text in rows}

    @property
    def cookies(self) -> SimpleCookie:
        """What it lets the browser keep, with how."""
        return SimpleCookie("\r\n".join(self.headers.get_all("Set-Cookie", [])))


@dataclass
class Browser:
    """Paths are the console's, below `/console`."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    host: str = ""
    form_token: str = ""

    def get(self, path: str = "", **headers: str) -> Page:
        page = self.send("GET", CONSOLE + path, headers)
        if found := _TOKEN.search(page.text):
            self.form_token = found[1]
        return page

    def post(
        self,
        path: str,
        fields: Mapping[str, str] = MappingProxyType({}),
        *,
        token: str | None = None,
        **headers: str,
    ) -> Page:
        """Send a form as a page of ours does, with the token of the last page that had one."""
        rows = [*fields.items()]
        SECRETS.update(value for name, value in rows if name in ("email", "password", "token"))
        rows.append(("form_token", self.form_token if token is None else token))
        said = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        return self.send("POST", CONSOLE + path, said, urlencode(rows).encode())

    def send(
        self, method: str, path: str, headers: Mapping[str, str] = {}, body: bytes | None = None
    ) -> Page:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.putrequest(method, path, skip_host=True)
            connection.putheader("Host", self.host or f"127.0.0.1:{self.port}")
            if self.cookies:
                kept = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
                connection.putheader("Cookie", kept.encode())
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            page = Page(answer.status, answer.headers, answer.read())
        finally:
            connection.close()
        self._keep(page.cookies)
        return page

    def _keep(self, cookies: SimpleCookie) -> None:
        for name, morsel in cookies.items():
            SECRETS.add(morsel.value)
            if morsel["max-age"] == "0":
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = morsel.value


def a_user(store: Store, email: str, *, admin: bool = False, projects: tuple[str, ...] = ()) -> str:
    """The token of a link for a new user."""
    made = store.use(lambda c: c.create_user()(email, admin=admin, project_ids=projects))
    return made.url.partition("token=")[2]


def signed_in(
    server: Server, store: Store, email: str, *, admin: bool = False, projects: tuple[str, ...] = ()
) -> Browser:
    """The browser of a new user, who has chosen `PASSWORD`."""
    token = a_user(store, email, admin=admin, projects=projects)
    made = store.use(lambda c: c.open_sign_in_link().use(token, PASSWORD))
    browser = Browser(server.port, {Cookie.SESSION.value: made.session_token})
    browser.get("/account")
    return browser
