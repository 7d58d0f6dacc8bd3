"""Whether one outside system can do its work now."""

from abc import abstractmethod
from typing import Protocol


class HealthProbe(Protocol):
    """
    Asks one outside system whether it can work.

    Attributes:
        name: What `GET /api/ready` calls the system, e.g. `database`.
    """

    name: str

    @abstractmethod
    async def is_healthy(self) -> bool:
        """True if it can do its work now; never raises, and takes 500 milliseconds at most."""
