"""Who is calling, behind the proxies that are trusted."""

from collections.abc import Callable, Sequence
from contextvars import Context
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import structlog

from domain.errors import Advice, AdviceCode
from entrypoints.http.request import Request
from entrypoints.process.settings import Network

NOT_NAMED = (
    "The proxy names no client in X-Forwarded-For, so the rate of the calls that it passes on is"
    " not limited."
)
SHORT = 100
"""A header that is no longer is remembered; what else is sent may be as long as a head can be."""
MANY = "It may stand for many people, so the rate of its calls is not limited."

log = structlog.get_logger("swiftcrm.http")


class ClientAddress:
    """
    Finds the one client that calls.

    Its address is the peer's, or the right-most untrusted one of `X-Forwarded-For` when the
    peer is a trusted proxy. Anybody can write the header: from others it is ignored.

    A peer of this machine or of a private network may be a proxy that nobody has named. The log
    says so of the first one, and of the first whose header is ignored.
    """

    def __init__(self, trusted: Sequence[Network]) -> None:
        self._trusted = trusted
        self._said: set[str] = set()
        self._known = lru_cache(maxsize=10_000)(self.behind)

    def of(self, request: Request) -> str | None:
        """The client that calls, as `behind` has it."""
        forwarded = tuple(request.headers.getall("x-forwarded-for", ()))
        is_short = not forwarded or (len(forwarded) == 1 and len(forwarded[0]) <= SHORT)
        return (self._known if is_short else self.behind)(request.ip or "", forwarded)

    def behind(self, peer: str, forwarded: tuple[str, ...]) -> str | None:
        """
        The one client behind *peer*; None where nobody knows that it is only one.

        Args:
            peer: The address that the connection comes from; empty when it has none.
            forwarded: Its `X-Forwarded-For` headers.
        """
        if self._is_trusted(peer):
            hops = (hop for line in reversed(forwarded) for hop in reversed(line.split(",")))
            addresses = (address for hop in hops if (address := _without_port(hop)))
            named = next((one for one in addresses if not self._is_trusted(one)), None)
            client = None if named is None else _one_client(named)
            if client is None:
                self._say_once(log.warning, "http.client_not_named", peer, cause=NOT_NAMED)
            return client
        client = self.alone(peer)
        if forwarded:
            self._say_once(log.warning, "http.forwarded_header_ignored", peer)
        elif client is None:  # no failure: it may be somebody who tries it out
            self._say_once(log.info, "http.peer_not_limited", peer, cause=MANY)
        return client

    def alone(self, peer: str) -> str | None:
        """
        The one client at this address of a connection; None where it may stand for many people.

        That is a trusted proxy, and whatever is not an address of the Internet.
        """
        return None if self._is_trusted(peer) or not _is_global(peer) else _one_client(peer)

    def _is_trusted(self, text: str) -> bool:
        if not self._trusted:
            return False
        address = _address(text)
        return address is not None and any(address in network for network in self._trusted)

    def _say_once(self, say: Callable[..., object], event: str, peer: str, **more: object) -> None:
        if event not in self._said:
            self._said.add(event)
            if not self._is_trusted(peer):
                more["advice"] = [Advice(AdviceCode.TRUST_PROXY)]
            # Without what is bound to the call, for it is not about that.
            Context().run(say, event, peer=peer, **more)


def _without_port(hop: str) -> str:
    """A hop as some gateways write it: `192.0.2.1:4711`, `[2001:db8::1]`, `[2001:db8::1]:4711`."""
    hop = hop.strip(' \t"')
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop


@lru_cache(maxsize=10_000)
def _one_client(text: str) -> str | None:
    """The address, or the IPv6 /64 that it is in, which is one household or one server."""
    address = _address(text)
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return None if address is None else str(address)


@lru_cache(maxsize=10_000)
def _is_global(text: str) -> bool:
    address = _address(text)
    return address is not None and address.is_global


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
