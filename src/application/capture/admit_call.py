"""Whether a call to the lead path may come in: who is calling, before what is sent."""

from typing import NamedTuple

from application.keys.authenticate import AuthenticateKey
from application.ports.rate_guard import RateGuard
from domain.allowlist import judged_page
from domain.api_key import ApiKey
from domain.errors import attribute_to
from domain.project import Project
from domain.refusals import DomainNotAllowed, RateLimited


class Admitted(NamedTuple):
    """A call whose key opens a project, and that does not come too often."""

    key: ApiKey
    project: Project

    def refuse_other_pages(
        self, *, origin: str | None, referer: str | None, referer_is_ours: bool = False
    ) -> None:
        """
        Judge the page that the call comes from, once its body is there.

        Args:
            origin: None when it was not sent.
            referer: None when it was not sent.
            referer_is_ours: It names the address of the call itself, as old programs write it.
                Where that is not allowed, it is as if absent: it says no more than no Referer,
                which everybody can leave out.

        Raises:
            DomainNotAllowed: The project does not let it in.
        """
        allows, for_page = self.project.allows, self.key.for_page
        if allows(origin=origin, referer=referer, for_page=for_page):
            return
        if referer_is_ours and allows(origin=origin, referer=None, for_page=for_page):
            return
        with attribute_to(self.project.project_id):
            raise DomainNotAllowed(judged_page(origin=origin, referer=referer))


class AdmitCall:
    """Judge the key, then the rate: before the body is read, which costs the caller nothing."""

    def __init__(self, authenticate: AuthenticateKey, rate_guard: RateGuard) -> None:
        self._authenticate = authenticate
        self._rate_guard = rate_guard

    async def __call__(self, key: str | None, client: str | None) -> Admitted:
        """
        The project that the caller may send leads to.

        *client* is the one who calls too often or not; None where it may be many, who are not
        limited together.

        Raises:
            InvalidApiKey, RateLimited: It may not.
            StorageUnavailable: The store did not answer in time.
        """
        opened, project = await self._authenticate.opened(key)
        if client is not None:
            wait = self._rate_guard.seconds_to_wait(project.project_id, client)
            if wait is not None:
                with attribute_to(project.project_id):
                    raise RateLimited(retry_after_seconds=wait)
        return Admitted(opened, project)
