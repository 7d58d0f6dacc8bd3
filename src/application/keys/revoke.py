"""Close a key for good."""

from application.ports.clock import Clock
from application.ports.key_register import KeyRegister
from domain.api_key import ApiKey, is_well_formed
from domain.errors import Advice, AdviceCode, NotFound


class RevokeKey:
    """Revoke a key; refused by every process within two seconds."""

    def __init__(self, keys: KeyRegister, clock: Clock) -> None:
        self._keys = keys
        self._clock = clock

    async def __call__(self, key_id: str) -> ApiKey:
        """
        The key as it is now; one that was revoked before keeps its moment.

        Raises:
            NotFound: There is no such key, or it is a key itself, which is never repeated.
        """
        if is_well_formed(key_id):
            raise NotFound(
                "That is a key itself. What is asked for is its id.", Advice(AdviceCode.LIST_KEYS)
            )
        return await self._keys.revoke(key_id, self._clock.now())
