"""How each of several projects is doing, those first that need somebody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from application.ports.clock import Clock
from application.ports.lead_archive import LeadArchive
from domain.names import folded
from domain.plan import Month, Usage
from domain.project import Project

SILENT_AFTER = timedelta(days=7)
"""A project that had leads and has had none for so long may have lost its way here."""


class Need(IntEnum):
    """What a project needs a person for, the most urgent first."""

    MONTH_FULL = 1
    WAITING = 2
    SILENT = 3
    NOTHING = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectOverview:
    """A project and its usage of *month*, as they were at *seen_at* (aware UTC)."""

    project: Project
    month: Month
    usage: Usage
    seen_at: datetime

    @property
    def is_full(self) -> bool:
        """Whether the month has no place left."""
        return self.usage.fills(self.project.monthly_limit)

    @property
    def places_left(self) -> int | None:
        """How many places the month has left; None for any number."""
        limit = self.project.monthly_limit
        return None if limit is None else max(limit - self.usage.places_taken, 0)

    @property
    def silent_days(self) -> int | None:
        """For how many whole days no lead came; None where that is nothing to look at."""
        last = self.usage.last_lead_at
        if last is None or self.seen_at - last < SILENT_AFTER:
            return None
        return (self.seen_at - last).days

    @property
    def need(self) -> Need:
        """The most urgent of what it needs."""
        if self.is_full:
            return Need.MONTH_FULL
        if self.usage.held:
            return Need.WAITING
        return Need.NOTHING if self.silent_days is None else Need.SILENT


class OverviewProjects:
    """Look at several projects at once; the store is asked for all of them together."""

    def __init__(self, archive: LeadArchive, clock: Clock) -> None:
        self._archive = archive
        self._clock = clock

    async def __call__(self, projects: Iterable[Project]) -> Sequence[ProjectOverview]:
        """How they are doing: by what they need, then by name."""
        wanted = {project.project_id: project for project in projects}
        now = self._clock.now()
        month = Month.of(now)
        usage = await self._archive.usage(list(wanted), month)
        seen = [
            ProjectOverview(project=project, month=month, usage=usage[one], seen_at=now)
            for one, project in wanted.items()
        ]
        return sorted(seen, key=lambda one: (one.need, folded(one.project.name)))
