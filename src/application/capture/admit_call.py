"""Whether a call to the lead path may come in: who is calling, before what is sent."""

from dataclasses import dataclass

from application.keys.authenticate import AuthenticateKey
from application.ports.rate_guard import RateGuard
from domain.allowlist import judged_page
from domain.api_key import ApiKey
from domain.errors import attribute_to
from domain.project import Project
from domain.refusals import DomainNotAllowed, RateLimited


@dataclass(frozen=True, slots=True)
class Admitted:
    """A call whose key opens a project, and that does not come too often."""

    key: ApiKey
    project: Project

    def refuse_other_pages(self, *, origin: str | None, referer: str | None) -> None:
        """
        Judge the page that the call comes from, once its body is there.

        Headers are None when they were not sent.

        Raises:
            DomainNotAllowed: The project does not let it in.
        """
        with attribute_to(self.project.project_id):
            if not self.project.allows(origin=origin, referer=referer, for_page=self.key.for_page):
                raise DomainNotAllowed(
                    judged_page(origin=origin, referer=referer, for_page=self.key.for_page)
                )


class AdmitCall:
    """Judge the key, then the rate: before the body is read, which costs the caller nothing."""

    def __init__(self, authenticate: AuthenticateKey, rate_guard: RateGuard) -> None:
        self._authenticate = authenticate
        self._rate_guard = rate_guard

    async def __call__(self, key: str | None, client_address: str) -> Admitted:
        """
        The project that the caller may send leads to.

        Raises:
            InvalidApiKey, RateLimited: It may not.
            StorageUnavailable: The store did not answer in time.
        """
        opened, project = await self._authenticate.opened(key)
        with attribute_to(project.project_id):
            wait = self._rate_guard.seconds_to_wait(project.project_id, client_address)
            if wait is not None:
                raise RateLimited(retry_after_seconds=wait)
        return Admitted(opened, project)
