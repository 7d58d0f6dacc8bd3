"""What had no place in a full month becomes leads as soon as places are free."""

from dataclasses import replace

from application.fresh_cache import FreshCache
from application.holding import capture_of
from application.ports.clock import Clock
from application.ports.held_archive import HeldArchive, HeldQuery
from application.ports.held_ledger import HeldCall
from application.ports.lead_ledger import Capture
from application.release_held import ReleaseHeld, Tally
from domain.held import PLAN_LIMIT_REACHED
from domain.plan import Month
from domain.project import Project

LOOK_AGAIN_SECONDS = 10.0
"""Between two looks for persons of one project who became known or wrote meanwhile."""
LOOK_AT_LEAST_EVERY_SECONDS = 300.0
"""Also when this process heard of nobody: another one may have."""


class ReleaseForPlan:
    """
    Release what a project holds for its plan.

    - While places are free; what is held since an earlier month only if the project says so.
    - Of a person who is known by now, in any month, full or not: that takes no place. So the
      messages of one person come together, whichever of them made the lead.
    """

    def __init__(
        self,
        archive: HeldArchive,
        release: ReleaseHeld,
        projects: FreshCache[str, Project | None],
        clock: Clock,
    ) -> None:
        self._archive = archive
        self._release = release
        self._projects = projects
        self._clock = clock
        self._found_full: dict[str, tuple[Month, int | None]] = {}
        self._wrote: set[str] = set()
        self._looked_at: dict[str, float] = {}

    def note_person(self, project_id: str) -> None:
        """Somebody became known in this project, or wrote: something may be held of them."""
        self._wrote.add(project_id)

    async def __call__(self, project_id: str) -> Tally:
        """
        What was released of the project.

        Raises:
            StorageUnavailable, Overloaded: Some of it was released; the rest waits on.
        """
        project = await self._projects.get(project_id)
        if project is None:
            return Tally()
        month = Month.of(self._clock.now())
        if not (await self._has_a_place(project, month) or self._may_know_somebody(project_id)):
            return Tally()

        async def prepare(call: HeldCall) -> Capture:
            capture = capture_of(call)
            may_open = capture.opens_lead and _may_have_a_place(project, call, month)
            return replace(capture, opens_lead=may_open)

        return await self._release(
            HeldQuery(project_id=project_id, code=PLAN_LIMIT_REACHED), prepare
        )

    async def _has_a_place(self, project: Project, month: Month) -> bool:
        """Try it with the oldest that may have one: nothing else tells it for sure."""
        if self._found_full.get(project.project_id) == (month, project.monthly_limit):
            return False  # places do not become free, only the limit or the month changes
        since = None if project.release_held_each_month else month.begins_at()
        waiting = HeldQuery(project_id=project.project_id, code=PLAN_LIMIT_REACHED, since=since)
        oldest = await self._archive.page(waiting, after=None, limit=1)
        if not oldest:
            return False
        tally = await self._release(replace(waiting, held_ids=[oldest[0].held_id]))
        if not tally.released:
            self._found_full[project.project_id] = (month, project.monthly_limit)
        return bool(tally.released)

    def _may_know_somebody(self, project_id: str) -> bool:
        now = self._clock.monotonic()
        ago = now - self._looked_at.get(project_id, float("-inf"))
        due = LOOK_AGAIN_SECONDS if project_id in self._wrote else LOOK_AT_LEAST_EVERY_SECONDS
        if ago < due:
            return False
        self._wrote.discard(project_id)
        self._looked_at[project_id] = now
        return True


def _may_have_a_place(project: Project, call: HeldCall, month: Month) -> bool:
    return project.release_held_each_month or Month.of(call.at) == month
