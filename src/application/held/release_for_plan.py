"""What is held because a month was full becomes leads as soon as places are free."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from application.held.arrivals import Arrivals, Arrived
from application.held.hold import to_capture
from application.held.release import PAGE, ReleaseCount, ReleaseHeld
from application.ports.clock import Clock
from application.ports.held_archive import HeldArchive
from application.process.settings_cache import SettingsCache
from domain.capture import Capture
from domain.held import PLAN_LIMIT_REACHED, HeldCall, HeldQuery
from domain.identity import Identity
from domain.lead import REST
from domain.plan import Month
from domain.project import Project

LOOK_AGAIN_SECONDS = 10.0
"""How often a process searches for what is held of the persons who wrote to it meanwhile."""
LOOK_AT_ALL_EVERY_SECONDS = 300.0
"""How often it searches all that is held: a person may have written to another process."""
MOST_NOTED = 10_000
"""So many identities of one project are remembered until the next search."""

NOBODY: frozenset[Identity] = frozenset()
EVERYBODY = frozenset({Identity("", "everybody")})


@dataclass(slots=True)
class ProjectState:
    """
    What this process remembers of a project, as long as the project has items held for its plan.

    Attributes:
        found_full: The month that had no place, and the limit that the project had then.
        wrote: Identities of the persons who wrote to this process since its last search.
        looked_at: When it last searched for these persons, in seconds of the monotonic clock.
        looked_at_all: When it last searched all that is held, by the same clock.
        found_arrived: The month and limit in which everybody who could take a place had come in.
        found_arrived_at: When that was found, by the same clock.
    """

    found_full: tuple[Month, int | None] | None = None
    wrote: set[Identity] = field(default_factory=set)
    looked_at: float = float("-inf")
    looked_at_all: float = float("-inf")
    found_arrived: tuple[Month, int | None] | None = None
    found_arrived_at: float = float("-inf")


class ReleaseForPlan:
    """
    Release what a project holds because the month was full.

    - It is released while places are free. If the month was an earlier one, it is released only if
      the project says `release_held_each_month`.
    - What is held of a person who has a lead by now is released in a full month too: it takes no
      place. So the messages of one person come together, whichever of them made the lead.

    When an operator raises the limit, the next message of a person may take a place while her
    first one is still held, and the month may be full again before that is released. So each
    process notes who writes to it, and searches every ten seconds for what is held of them. Her
    message may have come to another process, and no process tells another. So each process
    searches all that is held every five minutes. It begins with that when it has started, since
    its notes are only in memory.
    """

    def __init__(
        self,
        archive: HeldArchive,
        release: ReleaseHeld,
        projects: SettingsCache[str, Project | None],
        clock: Clock,
        arrivals: Arrivals,
    ) -> None:
        self._arrivals = arrivals
        self._archive = archive
        self._release = release
        self._projects = projects
        self._clock = clock
        self._states: dict[str, ProjectState] = {}

    def note_person(self, project_id: str, identities: Iterable[Identity]) -> None:
        """
        Note that a person with these identities has a lead: something may be held of her.

        Not everybody is noted: this process may not know yet that the project holds anything, or
        has noted too many already. The full search finds these people. It is the first search of
        every project, and comes again every five minutes.
        """
        state = self._states.get(project_id)
        if state and len(state.wrote) < MOST_NOTED:
            state.wrote.update(identities)

    def forget_all_but(self, project_ids: Collection[str]) -> None:
        """Forget other projects: only these have items held because a month was full."""
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
        arrived = self._arrivals.follow(project_id)
        found_a_place = await self._try_the_oldest(project, month, state, arrived)
        persons = EVERYBODY if found_a_place else self._persons_to_look_for(state)
        if persons is NOBODY:
            return ReleaseCount()

        async def prepare(call: HeldCall) -> Capture | None:
            capture = to_capture(call)
            if persons is not EVERYBODY and persons.isdisjoint(capture.identities):
                return None
            may_open = capture.opens_lead and _may_have_a_place(project, call, month)
            return replace(capture, opens_lead=may_open)

        # A call of the lead path has no identity: it waits for a place, not for its person.
        waiting = _waiting_for_a_place(project)
        if not found_a_place:
            waiting = replace(waiting, but_channel=REST)
        return await self._release(waiting, prepare, arrived)

    async def _try_the_oldest(
        self, project: Project, month: Month, state: ProjectState, arrived: Arrived
    ) -> bool:
        """
        Release the oldest call that needs a place. Returns whether it found one.

        Counting the places would prove nothing: another process may take the last one after the
        count. If that one call finds no place, the month is full until the limit or the month
        changes, for places do not become free again. If another process has released the call
        meanwhile, we do not know whether there is a place, and the next round tries again.
        """
        if state.found_full == (month, project.monthly_limit):
            return False
        since = None if project.release_held_each_month else month.begins_at()
        waiting = replace(_waiting_for_a_place(project), since=since)
        if project.release_held_calls:
            now = (month, project.monthly_limit)
            oldest = await self._oldest_call(waiting, now, state, arrived)
        else:
            oldest = await self._oldest_item(waiting)
        if oldest is None:
            return False
        count = await self._release(replace(waiting, held_ids=[oldest.held_id]))
        if count.without_place:
            state.found_full = (month, project.monthly_limit)
        return bool(count.released)

    async def _oldest_item(self, waiting: HeldQuery) -> HeldCall | None:
        """The oldest of the first page that needs a place; all are webhook items."""
        oldest = await self._archive.page(waiting, after=None, limit=PAGE)
        return next((call for call in oldest if to_capture(call).opens_lead), None)

    async def _oldest_call(
        self,
        waiting: HeldQuery,
        now: tuple[Month, int | None],
        state: ProjectState,
        arrived: Arrived,
    ) -> HeldCall | None:
        """
        The oldest that needs a place and whose person has not come in since.

        The leads since then are read for it, so where everybody has come in, that is not looked
        for again until the month or the limit is another one, or five minutes have passed.
        """
        is_new = self._clock.monotonic() - state.found_arrived_at < LOOK_AT_ALL_EVERY_SECONDS
        if state.found_arrived == now and is_new:
            return None
        # Of earlier months too: if there is a place, all that waits is released.
        await arrived.look_for_all(replace(waiting, since=None))
        after = None
        while page := await self._archive.page(waiting, after=after, limit=PAGE):
            after = page[-1].held_id
            came_in = await arrived.of(page)
            for call in page:
                if call.held_id not in came_in and to_capture(call).opens_lead:
                    return call
        if after is not None:
            state.found_arrived, state.found_arrived_at = now, self._clock.monotonic()
        return None

    def _persons_to_look_for(self, state: ProjectState) -> frozenset[Identity]:
        """
        The persons who wrote since the last search; everybody once five minutes have passed.

        Whoever writes during a search is noted for the next one. If a search fails, those people
        are found by the full search, at the latest in five minutes.
        """
        now = self._clock.monotonic()
        if now - state.looked_at_all >= LOOK_AT_ALL_EVERY_SECONDS:
            state.looked_at_all = now
            return EVERYBODY
        if now - state.looked_at < LOOK_AGAIN_SECONDS:
            return NOBODY
        state.looked_at = now
        wrote, state.wrote = state.wrote, set()
        return frozenset(wrote) or NOBODY


def _waiting_for_a_place(project: Project) -> HeldQuery:
    """
    What becomes a lead by itself as soon as there is a place.

    A caller of the lead path was refused, and may have turned elsewhere: its call waits for a
    command, unless the project says otherwise.
    """
    return HeldQuery(
        project_id=project.project_id,
        code=PLAN_LIMIT_REACHED,
        but_channel=None if project.release_held_calls else REST,
    )


def _may_have_a_place(project: Project, call: HeldCall, month: Month) -> bool:
    """Whether it was refused, or refused again, in *month*; or the project takes earlier ones."""
    return project.release_held_each_month or Month.of(call.last_at or call.at) == month
