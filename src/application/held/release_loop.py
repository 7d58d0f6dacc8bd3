"""The task of a process that releases what is held as soon as its cause is mended."""

import logging
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Protocol

from application.held.release import ReleaseCount
from application.held.release_for_plan import ReleaseForPlan
from application.held.release_listed import ReleaseListed
from application.ports.clock import Clock
from application.ports.held_archive import HeldArchive
from application.ports.held_ledger import HeldLedger
from application.process.background_task import BackgroundTask
from domain.errors import StorageUnavailable
from domain.held import CODES, LINES, NUMBER_NOT_LISTED, PLAN_LIMIT_REACHED, HeldLimits
from domain.refusals import Overloaded

ROUND_EVERY_SECONDS = 1.0
PRUNE_EVERY_SECONDS = 60.0

ANY_NUMBER = 10**9
"""No bound on how many are held: they are removed for their age alone."""

log = logging.getLogger("swiftcrm.held")


class Release(Protocol):
    """Releases what is held for one reason."""

    async def __call__(self, project_id: str) -> ReleaseCount:
        """What was released of the project."""

    def forget_all_but(self, project_ids: Collection[str]) -> None:
        """Remember nothing of other projects: they hold nothing for this reason."""


class ReleaseLoop:
    """
    Looks, a round a second, for what need not be held any longer.

    Every process does, and they do not take turns: two may release the same call at the same
    moment, or one may remove for its age what the other releases. A call that both release is one
    lead, since it has one id; and to remove what is gone is no error. So a round may also be cut
    short or killed at any point: the next one, in whichever process, goes on with what is left.
    """

    def __init__(
        self,
        archive: HeldArchive,
        held: HeldLedger,
        release_listed: ReleaseListed,
        release_for_plan: ReleaseForPlan,
        clock: Clock,
        limits: HeldLimits,
    ) -> None:
        self._limits = limits
        self._archive = archive
        self._held = held
        self._releases: Mapping[str, Release] = {
            NUMBER_NOT_LISTED: release_listed,
            PLAN_LIMIT_REACHED: release_for_plan,
        }
        self._clock = clock
        self._pruned_at = float("-inf")
        self._failed: set[tuple[str, str]] = set()
        self._task: BackgroundTask | None = None

    def start(self) -> None:
        """Begin the rounds; needs a running loop."""
        self._task = BackgroundTask(
            self._safe_round, every_seconds=ROUND_EVERY_SECONDS, name="release-loop"
        )
        self._task.start()

    async def stop(self) -> None:
        """End; a round that is under way is cut short."""
        if self._task is not None:
            await self._task.stop()

    async def round(self) -> None:
        """
        Look once at everything that is held.

        One project that fails keeps no other from its release.

        Raises:
            StorageUnavailable: The rest of the round is left to the next.
        """
        for code, release in self._releases.items():
            project_ids = await self._archive.projects(code)
            release.forget_all_but(project_ids)
            for project_id in project_ids:
                try:
                    await release(project_id)
                except Overloaded:
                    continue  # its queue is full of newer calls: the next round comes
                except StorageUnavailable:
                    raise
                except Exception as error:  # noqa: BLE001  the other projects go on
                    self._log_once(code, project_id, error)
        if self._clock.monotonic() - self._pruned_at >= PRUNE_EVERY_SECONDS:
            self._pruned_at = self._clock.monotonic()
            await self._prune()

    def _log_once(self, code: str, project_id: str, error: Exception) -> None:
        """Log *error* once: the same project would fail again in every round."""
        if (code, project_id) not in self._failed:
            self._failed.add((code, project_id))
            log.error("held.defect %s %s", code, project_id, exc_info=error)

    async def _prune(self) -> None:
        """Remove what is too old; of lines, which anybody can make, also what is too much."""
        before = self._clock.now() - timedelta(days=self._limits.days)
        for code in (*CODES, *LINES):
            most = self._limits.calls if code in LINES else ANY_NUMBER
            for project_id in await self._archive.projects(code):
                pruned = await self._held.prune(project_id, code, most=most, before=before)
                if pruned:
                    log.warning("held.pruned %s %s %d", project_id, code, pruned)

    async def _safe_round(self) -> None:
        try:
            await self.round()
        except StorageUnavailable:
            return  # the next round comes
        except Exception:
            log.exception("held.defect")
