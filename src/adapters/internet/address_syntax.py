"""E-mail addresses by `email-validator`, hosts by `idna` and the Public Suffix List."""

import ipaddress
import re
from functools import lru_cache

import idna
from email_validator import EmailNotValidError, validate_email
from publicsuffixlist import PublicSuffixList

from application.ports.address_syntax import AddressSyntax
from domain.allowlist import InvalidDomain

LOCALHOST = "localhost"
ODD_DOTS = frozenset({"docomo.ne.jp", "ezweb.ne.jp"})
"""Providers that issued addresses with dots in a row, in front, and before the @."""
_DOTS = re.compile(r"\.+")
_LONGEST_EMAIL = 320
_PLAIN = re.compile(
    # How long the local part, each label and all of it may be; and no ending that is reserved.
    r"(?=[^@]{1,64}@)(?!.*[^.@]{64}[^@]*\Z)(?=.{6,254}\Z)"
    r"(?!.*\.(?:arpa|invalid|local|localhost|onion|test)\Z)"
    r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,24}",
    re.ASCII | re.IGNORECASE,
)
"""
How nearly all addresses are written: each of these is one to the library too.

To ask the library costs as much as a third of all else that is done for a lead.
"""


class PublishedAddressSyntax(AddressSyntax):
    """Judges by syntax and by the lists that ship with the libraries; no DNS."""

    def is_email(self, text: str) -> bool:
        """
        Whether `email-validator` takes it; strict, or a local part could pass 64 characters.

        Names that are reserved for tests (`.test`, `.example`: RFC 2606) are taken, since whoever
        connects a site sends them.
        """
        if len(text) > _LONGEST_EMAIL:
            return False
        if _PLAIN.fullmatch(text) is not None:
            return True
        local, _, domain = text.rpartition("@")
        if not local or "." not in domain:
            return False
        if domain.lower() in ODD_DOTS:
            text = f"{_DOTS.sub('.', local).strip('.')}@{domain}"
        try:
            validate_email(text, check_deliverability=False, strict=True, test_environment=True)
        except EmailNotValidError:
            return False
        return True

    def canonical_host(self, text: str) -> str:
        """*text* as A-labels (IDNA 2008 with the UTS 46 mapping), as browsers send it."""
        host = text.removesuffix(".").lower()
        address = _canonical_address(host)
        if address is not None or host == LOCALHOST:
            return address or host
        if host.endswith("."):
            raise InvalidDomain(f"{text!r} is not a domain name")
        try:
            ascii_host = idna.encode(host, uts46=True, std3_rules=True).decode("ascii")
        except idna.IDNAError:
            raise InvalidDomain(f"{text!r} is not a domain name") from None
        if "." not in ascii_host:
            raise InvalidDomain(f"{text!r} is no whole domain: its ending is missing, as in x.com")
        if _suffixes().is_public(ascii_host):
            raise InvalidDomain(
                f"{text!r} is shared by everybody (a public suffix): name your own domain"
            )
        return ascii_host


def _canonical_address(host: str) -> str | None:
    """An IP address as a browser writes it in an Origin, or None."""
    try:
        if bracketed := re.fullmatch(r"\[([0-9a-f:.]+)\]", host):
            return f"[{ipaddress.IPv6Address(bracketed[1])}]"
        return str(ipaddress.IPv4Address(host))
    except ValueError:
        if re.fullmatch(r"[0-9.]+", host) or host.startswith("["):
            raise InvalidDomain(f"{host!r} is not an IP address") from None
        return None


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()
