"""Which project a key opens."""

from application.keys.key_usage import KeyUsage
from application.process.settings_cache import SettingsCache
from domain.api_key import ApiKey, digest_of, has_shape, is_well_formed
from domain.project import Project
from domain.refusals import InvalidApiKey

NO_KEY = "The call has no key."
MALFORMED = "What the call gives as its key is none of ours, or was cut off or mistyped."
UNKNOWN = "No project in this store has this key."
NO_PROJECT = "The project of the key does not exist."
"""Causes for the log; the answer is the same for all."""


class AuthenticateKey:
    """
    Find the project behind a key.

    - A missing, malformed, unknown or revoked key, and a key for another door, get the same answer.
      Only the log says which of these it was, and whose key.
    - Garbage is refused without asking the store.
    - A revoked key stops working within two seconds, in every process.
    """

    def __init__(
        self,
        keys: SettingsCache[bytes, ApiKey | None],
        projects: SettingsCache[str, Project | None],
        usage: KeyUsage,
    ) -> None:
        self._keys = keys
        self._projects = projects
        self._usage = usage

    async def __call__(self, key: str | None, *, channel: str | None = None) -> Project:
        """The same as `opened`, for who needs the project alone."""
        _, project = await self.opened(key, channel=channel)
        return project

    async def opened(
        self, key: str | None, *, channel: str | None = None
    ) -> tuple[ApiKey, Project]:
        """
        The key, and the project that it opens at the door of *channel* (None: the lead path).

        Raises:
            InvalidApiKey: It opens none.
            StorageUnavailable: The store did not answer in time.
        """
        if key is None:
            raise InvalidApiKey(NO_KEY)
        if not has_shape(key):
            raise InvalidApiKey(MALFORMED)
        digest = digest_of(key)
        if self._keys.knows(digest):
            known = self._keys.peek(digest)
        elif is_well_formed(key):  # whatever the store was asked for lately was so then
            known = await self._keys.get(digest)
        else:
            raise InvalidApiKey(MALFORMED)
        if known is None:
            raise InvalidApiKey(UNKNOWN)
        if obstacle := known.obstacle(channel):
            raise InvalidApiKey(obstacle, known)
        project = await self._projects.get(known.project_id)
        if project is None:
            raise InvalidApiKey(NO_PROJECT, known)
        self._usage.note(known.key_id)
        return known, project
