"""Our own addresses: where a page is, whether a form came from one, and where to go back to."""

import re
from collections.abc import Callable
from urllib.parse import SplitResult, unquote, urlsplit

from sanic.compat import Header

from application.channels.diagnosis import is_loopback
from application.channels.webhook_address import without_password
from domain.allowlist import InvalidDomain
from domain.users.refusals import NotOurForm

CONSOLE = "/console"
PORTS = {"http": 80, "https": 443}

_OWN_PATH = re.compile(r"/(?!/)[!-\[\]-~]*")
"""Below the console: printable ASCII without a backslash, and no second slash at its beginning."""
_UPWARDS = frozenset({".", ".."})
"""Parts of a path that a browser leaves out, with the part before, however they are encoded."""
_HOST = re.compile(r"(?P<name>[A-Za-z0-9.-]+|\[[0-9a-f:]+])(?::[0-9]{1,5})?", re.ASCII)
"""A `Host` header that says a name or an address, and nothing more."""
_OURS_OR_TYPED = frozenset({"same-origin", "none"})
"""Said by a browser of a form of this very origin, and of what a person does herself."""


def is_console(path: str) -> bool:
    """Whether *path* is the console's, there or not; `/` leads to it."""
    return path in ("/", CONSOLE) or path.startswith(f"{CONSOLE}/")


def own_path(text: str) -> str:
    """*text* if it is a path below the console, as `Addresses.url` takes it; else that of `/`."""
    path = unquote(re.split(r"[?#]", text, maxsplit=1)[0])
    leads_out = not _UPWARDS.isdisjoint(re.split(r"[/\\]", path))
    return "" if leads_out or not _OWN_PATH.fullmatch(text) else text


class Addresses:
    """
    Where the console is, by the public address.

    If that has a path, a proxy in front takes it away, and a browser needs it in every link.

    Attributes:
        is_https: Whether browsers speak TLS to it: then its cookies are for TLS alone.
        root: The path of the console, as a browser has it.
    """

    def __init__(self, public_url: str, canonical_host: Callable[[str], str]) -> None:
        """*canonical_host* writes a name as browsers send it (`AddressSyntax`)."""
        public = urlsplit(public_url)
        self.is_https = public.scheme == "https"
        self.root = public.path.rstrip("/") + CONSOLE
        self._service = without_password(public_url.rstrip("/"))
        scheme, name, port = _origin_of(public)
        self._origin = (scheme, _as_sent(name, canonical_host), port)
        self._is_loopback = is_loopback(public.hostname or "")

    def url(self, path: str = "") -> str:
        """The link to *path*, which begins below the console; "" is the page of the projects."""
        return self.root + path

    def service(self, host: str) -> str:
        """
        The address at which programs call us: the public one, without a password in it.

        Where that is a loopback one, it is what this browser has called, if it is one as well: it
        works, whatever port somebody chose.
        """
        called = _HOST.fullmatch(host)
        if self._is_loopback and called and is_loopback(called["name"].strip("[]")):
            return f"http://{host}"
        return self._service

    def refuse_foreign(self, headers: Header) -> None:
        """
        Refuse a form that came from a page of another site.

        Ours is the origin of the public address; where that is a loopback one, any loopback name
        with the port that was called. A browser that says no origin may say whether the page was
        another site's; who says neither is no browser, and has the token of the form or has not.

        Raises:
            NotOurForm: It came from elsewhere.
        """
        origins = headers.getall("origin", ())
        if origins:
            if len(origins) > 1 or not self._is_ours(origins[0], headers.get("host", "")):
                raise NotOurForm
        elif not _OURS_OR_TYPED.issuperset(headers.getall("sec-fetch-site", ())):
            raise NotOurForm

    def _is_ours(self, origin: str, host: str) -> bool:
        try:
            said, called = urlsplit(origin), urlsplit(f"//{host}")
            scheme, name, port = _origin_of(said)
            called_port = called.port or PORTS.get(scheme)
        except ValueError:
            return False
        if said.path or said.query or said.fragment or scheme not in PORTS:
            return False
        if self._is_loopback:
            return is_loopback(name) and port == called_port
        return (scheme, name, port) == self._origin


def _origin_of(parts: SplitResult) -> tuple[str, str, int | None]:
    return parts.scheme, parts.hostname or "", parts.port or PORTS.get(parts.scheme)


def _as_sent(name: str, canonical_host: Callable[[str], str]) -> str:
    """An international *name* as browsers send it; if it cannot be one, none has it."""
    try:
        return name if name.isascii() else canonical_host(name)
    except InvalidDomain:
        return name
