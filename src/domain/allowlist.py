"""
Which pages may send leads to a project: an abuse filter, not authentication.

Any program can claim any Origin; the list keeps other sites' browsers out, no more.
Hosts are compared label by label as canonical ASCII (A-labels, RFC 5891), never as
substrings; whatever is not plainly a web origin (RFC 6454) is not allowed.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

DEFAULT_PORTS = {"http": 80, "https": 443}
LARGEST_PORT = 65535
ANY_SUBDOMAIN = "*."
_WWW = "www."

_NO_PAGE = ("", "about:blank")
"""What a header says that names no page."""
_OPAQUE = "null"
"""What a browser sends as the Origin of a page whose origin it does not tell."""
_HOST = r"(?P<host>[a-z0-9.-]{1,255}|\[[0-9a-f:.]{2,45}\])"
_PORT = r"(?::(?P<port>[0-9]{1,5}))?"
_ORIGIN = re.compile(rf"(?P<scheme>https?)://{_HOST}{_PORT}", re.ASCII)
_REFERER = re.compile(rf"(?P<scheme>https?)://{_HOST}{_PORT}(?:[/?#][!-~]*)?", re.ASCII)
_ENTRY = re.compile(
    r"(?:(?P<scheme>https?)://)?(?P<wildcard>\*\.)?"
    r"(?P<host>[^\s/@:\[\]*?#\\]+|\[[0-9a-fA-F:.]+\])(?::(?P<port>[0-9]{1,5}))?/?",
    re.ASCII | re.IGNORECASE,
)


_BETWEEN_ENTRIES = re.compile(r"[\s,;]+")


class InvalidDomain(ValueError):
    """An allowlist entry cannot be one; the text says why."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a page comes from: canonical host, scheme, and the port it really uses."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        """The host, with the port if it is not the scheme's own; at most 261 characters."""
        return self.host if self.port == DEFAULT_PORTS[self.scheme] else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class AllowedDomain:
    """
    One entry of an allowlist.

    `example.com` and `www.example.com` stand for each other, whichever is the entry;
    `*.example.com` stands for every subdomain and not for `example.com`. Without a scheme
    and a port, any will do; a scheme brings its default port with it.
    """

    host: str
    any_subdomain: bool = False
    scheme: str | None = None
    port: int | None = None

    def allows(self, origin: Origin) -> bool:
        """Whether a page of *origin* is meant by this entry."""
        return (
            self.scheme in (None, origin.scheme)
            and self._port() in (None, origin.port)
            and self._names(origin.host)
        )

    def _names(self, host: str) -> bool:
        if self.any_subdomain:
            return host.endswith("." + self.host)
        bare = _without_www(self.host)
        return host in (bare, _WWW + bare)

    def _port(self) -> int | None:
        if self.port is not None or self.scheme is None:
            return self.port
        return DEFAULT_PORTS[self.scheme]

    def __str__(self) -> str:
        scheme = f"{self.scheme}://" if self.scheme else ""
        wildcard = ANY_SUBDOMAIN if self.any_subdomain else ""
        port = f":{self.port}" if self.port is not None else ""
        return f"{scheme}{wildcard}{self.host}{port}"


def _without_www(host: str) -> str:
    """The domain whose `www.` is *host*; `www.com` is a domain itself."""
    rest = host.removeprefix(_WWW)
    return rest if "." in rest else host


def entries_in(text: str) -> Sequence[str]:
    """The entries in *text*, where somebody has put several into one, as a list is written."""
    return [entry for entry in _BETWEEN_ENTRIES.split(text) if entry]


def parse_domain(entry: str, canonical_host: Callable[[str], str]) -> AllowedDomain:
    """
    The allowlist entry that *entry* describes, made canonical.

    Raises:
        InvalidDomain: It is no host, more than one, or one that everybody shares (a public
            suffix).
    """
    if len(entries_in(entry)) > 1:
        raise InvalidDomain(f"{entry!r} is more than one domain: give each by itself")
    match = _ENTRY.fullmatch(entry.strip())
    if match is None:
        raise InvalidDomain(
            f"{entry!r} is not a domain: write example.com, *.example.com"
            " or https://example.com:8443"
        )
    scheme = match["scheme"].lower() if match["scheme"] else None
    port = int(match["port"]) if match["port"] else None
    if port is not None and not 0 < port <= LARGEST_PORT:
        raise InvalidDomain(f"{entry!r} has a port outside 1 to 65535")
    if scheme is not None and port == DEFAULT_PORTS[scheme]:
        port = None
    host = canonical_host(match["host"])
    any_subdomain = match["wildcard"] is not None
    if any_subdomain and not re.search(r"[a-z]", host.rpartition(".")[2]):
        raise InvalidDomain(f"{entry!r}: an address has no subdomains")
    return AllowedDomain(host, any_subdomain, scheme, port)


def stored_domain(text: str) -> AllowedDomain:
    """The entry that `str()` of an `AllowedDomain` gave."""
    return parse_domain(text, lambda host: host)


def is_allowed(
    domains: Sequence[AllowedDomain],
    *,
    require_origin: bool,
    origin: str | None,
    referer: str | None,
    for_page: bool = False,
) -> bool:
    """
    Whether a call with these headers may come in.

    An empty list allows everything. The Origin is judged if there is one, else the Referer;
    with neither the call is a server's, and allowed unless the project requires an origin.

    With a key *for_page* it must come from a page: one that is listed, or any web origin where
    the list is empty; `Origin: null` is none. An empty header and `about:blank` are as if absent.
    """
    if for_page:
        page = _page(_if_said(origin), _if_said(referer))
        return page is not None and (not domains or _is_listed(page, domains))
    if origin is None and referer is None:
        return not require_origin
    if not domains:
        return True
    page = _page(origin, referer)
    return page is not None and _is_listed(page, domains)


def judged_page(*, origin: str | None, referer: str | None, for_page: bool = False) -> str:
    """
    The page that `is_allowed` judges by these headers, as a log may name it.

    It is the page's host, `null` as a browser says it, `none` if neither header was sent, or `odd`
    if the one that counts is no web origin. Never its text, which may hold anything.
    """
    if for_page:
        origin, referer = _if_said(origin), _if_said(referer)
    if origin is None and referer is None:
        return "none"
    if origin == _OPAQUE:
        return _OPAQUE
    return str(_page(origin, referer) or "odd")


def _page(origin: str | None, referer: str | None) -> Origin | None:
    return _parse(_ORIGIN, origin) if origin is not None else _parse(_REFERER, referer or "")


def _is_listed(page: Origin, domains: Sequence[AllowedDomain]) -> bool:
    return any(domain.allows(page) for domain in domains)


def _if_said(header: str | None) -> str | None:
    return None if header in _NO_PAGE else header


def _parse(shape: re.Pattern[str], text: str) -> Origin | None:
    """The origin in *text*, or None for whatever is odd; no URL parser sees it first."""
    if not text.isascii():  # before lower(): it turns the Kelvin sign into a plain k
        return None
    head, separator, rest = text.partition("://")
    host, slash, path = rest.partition("/")
    match = shape.fullmatch(f"{head.lower()}{separator}{host.lower()}{slash}{path}")
    if match is None:
        return None
    port = int(match["port"]) if match["port"] else DEFAULT_PORTS[match["scheme"]]
    host = match["host"].removesuffix(".")
    if not host or host.startswith(".") or ".." in host or not 0 < port <= LARGEST_PORT:
        return None
    return Origin(match["scheme"], host, port)
