"""What is to be said about the address of a webhook before anything is sent to it."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

LOCALHOST = "localhost"

_SET = "Set SWIFTCRM_PUBLIC_URL to the address that the sender can reach"
LOOPBACK = f"The webhook URL is a loopback address: nobody outside can reach it. {_SET}."
PRIVATE = f"The webhook URL is a private address: nobody outside its network can reach it. {_SET}."
NOT_HTTPS = (
    "The webhook URL is not https: Meta and most other senders deliver to https alone, with a"
    f" certificate of a public authority. {_SET}, of a proxy or a tunnel that has one."
)


def advice_on(url: str) -> str:
    """What keeps senders from using *url*, by its form alone; empty when nothing does."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    address = _address(host)
    if f".{host}".endswith(f".{LOCALHOST}") or (address is not None and address.is_loopback):
        return LOOPBACK
    if is_private([host]):
        return PRIVATE
    return "" if parts.scheme == "https" else NOT_HTTPS


def is_private(hosts: Iterable[str]) -> bool:
    """Whether all *hosts* are IP addresses that mean nothing in the Internet."""
    addresses = [_address(host) for host in hosts]
    return all(address is not None and not address.is_global for address in addresses)


def without_key(url: str) -> str:
    """*url* as anybody may see it: without its query, which has the key in it."""
    return url.partition("?")[0]


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
