"""What the Internet's rules say about names."""

from abc import abstractmethod
from typing import Protocol


class AddressSyntax(Protocol):
    """
    Judges e-mail addresses and host names by their syntax and published lists.

    Asks no network, and takes time bounded by the length of what it is given.
    """

    @abstractmethod
    def is_email(self, text: str) -> bool:
        """Whether *text* is an address that mail can be sent to (RFC 5321, 5322, 6531)."""

    @abstractmethod
    def canonical_host(self, text: str) -> str:
        """
        *text* as browsers send it: lower-case A-labels (IDNA 2008), no trailing dot.

        `localhost` and IP addresses are taken too.

        Raises:
            domain.allowlist.InvalidDomain: It is no host name, or a public suffix.
        """
