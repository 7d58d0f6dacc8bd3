"""A project: whose leads these are, what it may send, and how much."""

import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime

from domain.allowlist import AllowedDomain, is_allowed

_NAME = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,100}")
_ID_PREFIX = "prj_"
QUICKSTART = "quickstart"
"""The name of the project that a first start makes, for whoever tries the program out."""


MOST_REMEMBERED, LONGEST_REMEMBERED = 1_000, 500
"""So many pages, with so many characters in their headers, are judged once for a project."""


class InvalidProject(ValueError):
    """A project cannot be like this; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """
    The settings of one project.

    Attributes:
        monthly_limit: Leads that count, per calendar month in UTC; None for no limit.
        require_origin: Refuse calls that carry neither Origin nor Referer.
        release_held_each_month: Let what is held for the plan take places of a new month.
        release_held_calls: Let calls of the lead path that are held for the plan become leads by
            themselves, as what a webhook brought does.
        lenient: Keep what does not fit as an attribute, and refuse no lead for it.
        created_at: Aware UTC.
    """

    project_id: str
    name: str
    created_at: datetime
    domains: tuple[AllowedDomain, ...] = ()
    monthly_limit: int | None = None
    require_origin: bool = False
    release_held_each_month: bool = False
    release_held_calls: bool = False
    lenient: bool = False
    _judged: dict[tuple[str | None, str | None, bool], bool] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def __post_init__(self) -> None:
        if _NAME.fullmatch(self.name) is None or self.name != self.name.strip():
            raise InvalidProject(
                "A project's name has 1 to 100 characters, and no blanks around it."
            )
        if self.name.startswith(_ID_PREFIX):
            raise InvalidProject(f"A project's name does not begin with {_ID_PREFIX}, as ids do.")
        if self.monthly_limit is not None and not 0 <= self.monthly_limit <= 2**53:
            raise InvalidProject("A monthly limit is 0 or more.")

    def allows(self, *, origin: str | None, referer: str | None, for_page: bool = False) -> bool:
        """Whether a call with these headers, and a key that is *for_page* or not, may come in."""
        if len(origin or "") + len(referer or "") > LONGEST_REMEMBERED:
            return self._judge(origin, referer, for_page)
        asked = (origin, referer, for_page)
        known = self._judged.get(asked)
        if known is None:
            if len(self._judged) >= MOST_REMEMBERED:
                self._judged.clear()
            known = self._judged[asked] = self._judge(*asked)
        return known

    def _judge(self, origin: str | None, referer: str | None, for_page: bool) -> bool:  # noqa: FBT001
        return is_allowed(
            self.domains,
            require_origin=self.require_origin,
            origin=origin,
            referer=referer,
            for_page=for_page,
        )


def new_project_id() -> str:
    """An id that no project has: 80 random bits, safe in a URL and in a shell."""
    return _ID_PREFIX + secrets.token_hex(10)


def new_key_id() -> str:
    """An id that no key has."""
    return "key_" + secrets.token_hex(6)
