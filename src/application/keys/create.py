"""A new key for a project."""

from dataclasses import dataclass

from application.ports.clock import Clock
from application.ports.key_register import KeyRegister
from domain.api_key import ApiKey, InvalidLabel, digest_of, hint_of, new_key
from domain.names import invisible_in
from domain.project import new_key_id


@dataclass(frozen=True, slots=True)
class NewKey:
    """What is kept of the key, and the key itself: the one chance to see it."""

    kept: ApiKey
    secret: str


class CreateKey:
    """Make a key; an ordinary one is stored as its digest alone, a channel's also readable."""

    def __init__(self, keys: KeyRegister, clock: Clock) -> None:
        self._keys = keys
        self._clock = clock

    async def __call__(
        self,
        project_id: str,
        *,
        label: str = "",
        channel: str | None = None,
        for_page: bool = False,
        seed: bytes | None = None,
    ) -> NewKey:
        """
        The new key; for a channel that has one already, that one.

        Asked again with the same *seed*, it is the key of before, which may be revoked by now.

        Raises:
            InvalidLabel: It cannot be called like this.
            ValueError: It is wanted for a channel and for a page; it can be for one alone.
        """
        if invisible := invisible_in(label):
            raise InvalidLabel(
                f"A key's label has no invisible characters, and this one has {invisible}."
            )
        secret = new_key(seed)
        key = ApiKey(
            key_id=new_key_id(),
            project_id=project_id,
            digest=digest_of(secret),
            hint=hint_of(secret),
            label=label,
            created_at=self._clock.now(),
            channel=channel,
            readable=secret if channel is not None else None,
            for_page=for_page,
        )
        kept = await self._keys.add(key)
        return NewKey(kept, kept.readable or secret)
