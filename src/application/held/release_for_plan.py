"""What had no place in a full month becomes leads as soon as places are free."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from application.held.hold import to_capture
from application.held.release import PAGE, ReleaseCount, ReleaseHeld
from application.ports.clock import Clock
from application.ports.held_archive import HeldArchive
from application.process.settings_cache import SettingsCache
from domain.capture import Capture
from domain.held import PLAN_LIMIT_REACHED, HeldCall, HeldQuery
from domain.identity import Identity
from domain.plan import Month
from domain.project import Project

LOOK_AGAIN_SECONDS = 10.0
"""Between two looks for persons of one project who became known or wrote meanwhile."""
LOOK_AT_ALL_EVERY_SECONDS = 300.0
"""Between two looks at everybody of whom something is held: another process may know them."""
MOST_NOTED = 10_000
"""Identities of one project that are remembered until the next look."""

NOBODY: frozenset[Identity] = frozenset()
EVERYBODY = frozenset({Identity("", "everybody")})


@dataclass(slots=True)
class ProjectState:
    """
    What is remembered of a project while it holds something for the plan.

    Attributes:
        found_full: The month that had no place, and the limit that it had then.
        wrote: Identities of those who became known or wrote since the last look.
        looked_at: When it was looked for these, in seconds of the monotonic clock.
        looked_at_all: When it was looked for anybody.
    """

    found_full: tuple[Month, int | None] | None = None
    wrote: set[Identity] = field(default_factory=set)
    looked_at: float = float("-inf")
    looked_at_all: float = float("-inf")


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
        projects: SettingsCache[str, Project | None],
        clock: Clock,
    ) -> None:
        self._archive = archive
        self._release = release
        self._projects = projects
        self._clock = clock
        self._states: dict[str, ProjectState] = {}

    def note_person(self, project_id: str, identities: Iterable[Identity]) -> None:
        """
        Somebody became known in this project, or wrote: something may be held of them.

        Whom a project does not note, since it is not watched yet or has too many, is found by
        the look at all, with which its watch begins.
        """
        state = self._states.get(project_id)
        if state and len(state.wrote) < MOST_NOTED:
            state.wrote.update(identities)

    def forget_all_but(self, project_ids: Collection[str]) -> None:
        """Watch no other project any longer: these are all that hold something for the plan."""
        for project_id in self._states.keys() - set(project_ids):
            del self._states[project_id]

    async def __call__(self, project_id: str) -> ReleaseCount:
        """
        What was released of the project.

        Raises:
            StorageUnavailable, Overloaded: Some of it was released; the rest waits on.
        """
        project = await self._projects.get(project_id)
        if project is None:
            return ReleaseCount()
        month = Month.of(self._clock.now())
        state = self._states.setdefault(project_id, ProjectState())
        has_a_place = await self._has_a_place(project, month, state)
        persons = EVERYBODY if has_a_place else self._persons_to_look_for(state)
        if persons is NOBODY:
            return ReleaseCount()

        async def prepare(call: HeldCall) -> Capture | None:
            capture = to_capture(call)
            if persons is not EVERYBODY and persons.isdisjoint(capture.identities):
                return None
            may_open = capture.opens_lead and _may_have_a_place(project, call, month)
            return replace(capture, opens_lead=may_open)

        return await self._release(
            HeldQuery(project_id=project_id, code=PLAN_LIMIT_REACHED), prepare
        )

    async def _has_a_place(self, project: Project, month: Month, state: ProjectState) -> bool:
        """Try it with the oldest that may take one: nothing else tells it for sure."""
        if state.found_full == (month, project.monthly_limit):
            return False  # places do not become free, only the limit or the month changes
        since = None if project.release_held_each_month else month.begins_at()
        waiting = HeldQuery(project_id=project.project_id, code=PLAN_LIMIT_REACHED, since=since)
        oldest = await self._archive.page(waiting, after=None, limit=PAGE)
        openers = [call for call in oldest if to_capture(call).opens_lead]
        if not openers:
            return False  # the others are found by the look at all
        count = await self._release(replace(waiting, held_ids=[openers[0].held_id]))
        if count.without_place:
            state.found_full = (month, project.monthly_limit)
        return bool(count.released)

    def _persons_to_look_for(self, state: ProjectState) -> frozenset[Identity]:
        """Who wrote since the last look; now and then anybody, for others hear of others."""
        now = self._clock.monotonic()
        if now - state.looked_at_all >= LOOK_AT_ALL_EVERY_SECONDS:
            state.looked_at_all = now
            return EVERYBODY
        if now - state.looked_at < LOOK_AGAIN_SECONDS:
            return NOBODY
        state.looked_at = now
        wrote, state.wrote = state.wrote, set()
        return frozenset(wrote) or NOBODY


def _may_have_a_place(project: Project, call: HeldCall, month: Month) -> bool:
    return project.release_held_each_month or Month.of(call.at) == month
