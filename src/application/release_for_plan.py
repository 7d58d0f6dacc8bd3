"""What had no place in a full month becomes leads as soon as places are free."""

from collections.abc import Iterable
from dataclasses import replace

from application.fresh_cache import FreshCache
from application.holding import capture_of
from application.ports.clock import Clock
from application.ports.held_archive import HeldArchive, HeldQuery
from application.ports.held_ledger import HeldCall
from application.ports.lead_ledger import Capture
from application.release_held import PAGE, ReleaseHeld, Tally
from domain.held import PLAN_LIMIT_REACHED
from domain.lead import Identity
from domain.plan import Month
from domain.project import Project

LOOK_AGAIN_SECONDS = 10.0
"""Between two looks for persons of one project who became known or wrote meanwhile."""
LOOK_AT_ALL_EVERY_SECONDS = 300.0
"""Between two looks at everybody of whom something is held: another process may know them."""
MOST_NOTED = 10_000
"""Identities of one project that are remembered until the next look."""

NOBODY: frozenset[Identity] = frozenset()
ANYBODY = frozenset({Identity("", "anybody")})


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
        self._wrote: dict[str, set[Identity]] = {}
        self._looked_at: dict[str, float] = {}
        self._looked_at_all: dict[str, float] = {}

    def note_person(self, project_id: str, identities: Iterable[Identity]) -> None:
        """Somebody became known in this project, or wrote: something may be held of them."""
        noted = self._wrote.setdefault(project_id, set())
        if len(noted) < MOST_NOTED:  # the rest is found by the look at all
            noted.update(identities)

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
        has_a_place = await self._has_a_place(project, month)
        persons = ANYBODY if has_a_place else self._persons_to_look_for(project_id)
        if persons is NOBODY:
            return Tally()

        async def prepare(call: HeldCall) -> Capture | None:
            capture = capture_of(call)
            if persons is not ANYBODY and persons.isdisjoint(capture.identities):
                return None
            may_open = capture.opens_lead and _may_have_a_place(project, call, month)
            return replace(capture, opens_lead=may_open)

        return await self._release(
            HeldQuery(project_id=project_id, code=PLAN_LIMIT_REACHED), prepare
        )

    async def _has_a_place(self, project: Project, month: Month) -> bool:
        """Try it with the oldest that may take one: nothing else tells it for sure."""
        if self._found_full.get(project.project_id) == (month, project.monthly_limit):
            return False  # places do not become free, only the limit or the month changes
        since = None if project.release_held_each_month else month.begins_at()
        waiting = HeldQuery(project_id=project.project_id, code=PLAN_LIMIT_REACHED, since=since)
        oldest = await self._archive.page(waiting, after=None, limit=PAGE)
        openers = [call for call in oldest if capture_of(call).opens_lead]
        if not openers:
            return False  # the others are found by the look at all
        tally = await self._release(replace(waiting, held_ids=[openers[0].held_id]))
        if tally.without_place:
            self._found_full[project.project_id] = (month, project.monthly_limit)
        return bool(tally.released)

    def _persons_to_look_for(self, project_id: str) -> frozenset[Identity]:
        """Who wrote since the last look; now and then anybody, for others hear of others."""
        now = self._clock.monotonic()
        if now - self._looked_at_all.get(project_id, float("-inf")) >= LOOK_AT_ALL_EVERY_SECONDS:
            self._looked_at_all[project_id] = now
            return ANYBODY
        if now - self._looked_at.get(project_id, float("-inf")) < LOOK_AGAIN_SECONDS:
            return NOBODY
        self._looked_at[project_id] = now
        return frozenset(self._wrote.pop(project_id, ())) or NOBODY


def _may_have_a_place(project: Project, call: HeldCall, month: Month) -> bool:
    return project.release_held_each_month or Month.of(call.at) == month
