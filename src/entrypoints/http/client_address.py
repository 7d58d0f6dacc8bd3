"""Who is calling, behind the proxies that are trusted."""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import structlog

from domain.errors import Advice, AdviceCode
from entrypoints.http.request import Request
from entrypoints.process.settings import Network

log = structlog.get_logger("swiftcrm.http")


class ClientAddress:
    """
    Finds the client's address.

    It is the peer's, or the right-most untrusted one of `X-Forwarded-For` when the peer is
    a trusted proxy. Anybody can write the header: from others it is ignored.
    """

    def __init__(self, trusted: Sequence[Network]) -> None:
        self._trusted = trusted
        self._named = False

    def of(self, request: Request) -> str:
        """The address as text; empty when the connection has none."""
        peer = request.ip or ""
        forwarded = request.headers.getall("x-forwarded-for", ())
        if not forwarded:
            return peer
        if not self._is_trusted(peer):
            self._name_once(peer)
            return peer
        hops = [hop.strip() for line in forwarded for hop in line.split(",")]
        for hop in reversed(hops):
            if not self._is_trusted(hop):
                return hop if _address(hop) is not None else peer
        return peer

    def alone(self, text: str) -> str | None:
        """
        The one client at this address; None where it may stand for many people.

        That is a trusted proxy, and a loopback or private peer, which may be a proxy that
        nobody has named. The addresses of one IPv6 /64 are one client.
        """
        return None if self._is_trusted(text) else _one_client(text)

    def _is_trusted(self, text: str) -> bool:
        if not self._trusted:
            return False
        address = _address(text)
        return address is not None and any(address in network for network in self._trusted)

    def _name_once(self, peer: str) -> None:
        if not self._named:
            self._named = True
            log.warning(
                "http.forwarded_header_ignored",
                peer=peer,
                advice=[Advice(AdviceCode.TRUST_PROXY)],
            )


@lru_cache(maxsize=10_000)
def _one_client(text: str) -> str | None:
    address = _address(text)
    if address is None or address.is_private:
        return None
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return text


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
