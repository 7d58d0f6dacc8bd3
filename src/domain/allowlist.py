"""
Which pages may send leads to a project: an abuse filter, not authentication.

Any program can claim any Origin; the list keeps other sites' browsers out, no more.
Hosts are compared label by label as canonical ASCII (A-labels, RFC 5891), never as
substrings; whatever is not plainly a web origin (RFC 6454) is not allowed.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

DEFAULT_PORTS = {"http": 80, "https": 443}
LARGEST_PORT = 65535
LONGEST_ORIGIN = 300
"""A host has 253 characters at most (RFC 1035), beside a scheme and a port."""
ANY_SUBDOMAIN = "*."
_WWW = "www."

_NO_PAGE = ("", "about:blank")
"""What a header says that names no page."""
_OPAQUE = "null"
"""What a browser sends as the Origin of a page whose origin it does not tell."""
_TRANSLATED = ".translate.goog"
"""Google's translation serves its copy of www.my-site.com at www-my--site-com in this zone."""
_HOST = r"(?P<host>[a-z0-9.-]{1,255}|\[[0-9a-f:.]{2,45}\])"
_PORT = r"(?::(?P<port>[0-9]{1,5}))?"
_ORIGIN = re.compile(rf"(?P<scheme>https?)://{_HOST}{_PORT}", re.ASCII)
_REFERER = re.compile(r"(?P<origin>[^/?#]*://[^/?#]*).*", re.DOTALL)
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
        is_usual = self.port == DEFAULT_PORTS.get(self.scheme, self.port)
        return self.host if is_usual else f"{self.host}:{self.port}"


OPAQUE_ORIGIN = Origin("", _OPAQUE, 0)
"""Of a page whose origin its browser does not tell: it may be any page."""


@dataclass(frozen=True, slots=True)
class AllowedDomain:
    """
    One entry of an allowlist.

    `example.com` and `www.example.com` stand for each other, whichever is the entry;
    `*.example.com` stands for every subdomain and not for `example.com`. Without a scheme
    and a port, any will do, and the copy that Google's translation serves; a scheme brings
    its default port with it. `null` stands for the pages whose origin a browser does not
    tell, and for nothing else.
    """

    host: str
    any_subdomain: bool = False
    scheme: str | None = None
    port: int | None = None

    def allows(self, origin: Origin) -> bool:
        """Whether a page of *origin* is meant by this entry."""
        if self.host == _OPAQUE and self == OPAQUE_ENTRY:
            return origin == OPAQUE_ORIGIN
        if self._names(origin.host):
            return self.scheme in (None, origin.scheme) and self._port() in (None, origin.port)
        original = _translated(origin.host)
        is_strict = self.scheme is not None or self.port is not None
        return original is not None and not is_strict and self._names(original)

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


OPAQUE_ENTRY = AllowedDomain(_OPAQUE)
"""Opens a list to every page, for each may have its browser say `Origin: null`."""


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
    if entry.strip().lower() == _OPAQUE:
        return OPAQUE_ENTRY
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
    An empty header and `about:blank` are as if absent.

    With a key *for_page* it must come from a page: one that is listed, or any web origin where
    the list is empty; `Origin: null` is none, whatever is listed.
    """
    origin, referer = _if_said(origin), _if_said(referer)
    if for_page:
        page = _page(origin, referer)
        is_known = page is not None and page != OPAQUE_ORIGIN
        return is_known and (not domains or _is_listed(page, domains))
    if origin is None and referer is None:
        return not require_origin
    return not domains or _is_listed(_page(origin, referer), domains)


def judged_page(*, origin: str | None, referer: str | None) -> str:
    """
    The page that `is_allowed` judges by these headers, as a log may name it.

    It is the page's host, `null` as a browser says it, `none` if neither header was sent, or `odd`
    if the one that counts is no web origin. Never its text, which may hold anything.
    """
    origin, referer = _if_said(origin), _if_said(referer)
    if origin is None and referer is None:
        return "none"
    return str(_page(origin, referer) or "odd")


def _if_said(header: str | None) -> str | None:
    return None if header in _NO_PAGE else header


def _page(origin: str | None, referer: str | None) -> Origin | None:
    """Where the page is from; None if neither header says it, or what counts is odd."""
    if origin is not None:
        return OPAQUE_ORIGIN if origin == _OPAQUE else _parse(origin.removesuffix("/"))
    # Behind the origin a Referer may have anything, and nothing there is judged.
    match = _REFERER.fullmatch(referer or "")
    return _parse(match["origin"]) if match else None


def _is_listed(page: Origin | None, domains: Sequence[AllowedDomain]) -> bool:
    if page is None:
        return False
    for domain in domains:  # noqa: SIM110  a generator costs as much as all of this
        if domain.allows(page):
            return True
    return False


def _parse(text: str) -> Origin | None:
    """The origin that *text* is, or None for whatever is odd; no URL parser sees it first."""
    if len(text) > LONGEST_ORIGIN or not text.isascii():  # lower() makes a k of the Kelvin sign
        return None
    return _parse_ascii(text)


@lru_cache(maxsize=1024)
def _parse_ascii(text: str) -> Origin | None:
    match = _ORIGIN.fullmatch(text.lower())
    if match is None:
        return None
    port = int(match["port"]) if match["port"] else DEFAULT_PORTS[match["scheme"]]
    host = match["host"].removesuffix(".")
    if not all(host.split(".")) or not 0 < port <= LARGEST_PORT:
        return None
    return Origin(match["scheme"], host, port)


@lru_cache(maxsize=1024)
def _translated(host: str) -> str | None:
    """
    The host whose copy Google's translation serves at *host*; None if it is no copy.

    In its label `-` stands for a dot and `--` for `-`. Three in a row could be either first, but
    no label of a host begins or ends with `-`, so neither is a host.
    """
    label = host.removesuffix(_TRANSLATED)
    if label == host or "." in label:
        return None
    original = re.sub("--?", lambda dashes: "-" if len(dashes[0]) > 1 else ".", label)
    is_host = all(part and part == part.strip("-") for part in original.split("."))
    return original if is_host else None
