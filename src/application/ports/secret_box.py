"""Where secrets are locked before they are stored."""

from abc import abstractmethod
from typing import Protocol


class SecretBox(Protocol):
    """Encrypts what must be read again, such as app secrets; authenticated, so never altered."""

    @abstractmethod
    def lock(self, secret: str) -> str:
        """
        *secret*, readable only with the key; printable ASCII.

        Raises:
            StoreUnusable: There is no key, and none can be made.
        """

    @abstractmethod
    def unlock(self, locked: str) -> str:
        """
        What was locked.

        Raises:
            StoreUnusable: There is no key, or not the one it was locked with.
        """
