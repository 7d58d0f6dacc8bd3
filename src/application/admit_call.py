"""Whether a call to the lead path may come in, before its body is looked at."""

from dataclasses import dataclass

from application.authenticate_key import AuthenticateKey
from application.calls_of import calls_of
from application.ports.rate_guard import RateGuard
from domain.project import Project
from domain.refusals import DomainNotAllowed, RateLimited


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What a call says about where it comes from; headers are None when they were not sent."""

    key: str | None
    origin: str | None
    referer: str | None
    client_address: str


class AdmitCall:
    """Judge the key, then the domain, then the rate."""

    def __init__(self, authenticate: AuthenticateKey, rate_guard: RateGuard) -> None:
        self._authenticate = authenticate
        self._rate_guard = rate_guard

    async def __call__(self, call: Call) -> Project:
        """
        The project that *call* may send leads to.

        Raises:
            InvalidApiKey, DomainNotAllowed, RateLimited: It may not.
            StorageUnavailable: The store did not answer in time.
        """
        project = await self._authenticate(call.key)
        with calls_of(project.project_id):
            if not project.allows(origin=call.origin, referer=call.referer):
                raise DomainNotAllowed
            wait = self._rate_guard.seconds_to_wait(project.project_id, call.client_address)
            if wait is not None:
                raise RateLimited(retry_after_seconds=wait)
        return project
