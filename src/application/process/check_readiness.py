"""Whether this process should be sent calls."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from application.ports.clock import Clock
from application.ports.health_probe import HealthProbe

REMEMBERED_FOR_SECONDS = 1.0
PROBE_TIMEOUT_SECONDS = 0.6


class ProcessState:
    """Whether this process takes calls: True from its start until its end begins."""

    def __init__(self) -> None:
        self.serving = False


@dataclass(frozen=True, slots=True)
class Readiness:
    """What was found, by the name of each outside system."""

    serving: bool
    checks: Mapping[str, bool]

    @property
    def is_ready(self) -> bool:
        """Whether calls may come."""
        return self.serving and all(self.checks.values())


class CheckReadiness:
    """
    Ask every outside system whether it can work.

    Asked at most once a second and once at a time, so that probes cannot become a load.
    """

    def __init__(self, probes: Sequence[HealthProbe], state: ProcessState, clock: Clock) -> None:
        self._probes = probes
        self._state = state
        self._clock = clock
        self._asking: asyncio.Task[Mapping[str, bool]] | None = None
        self._asked_at = float("-inf")

    async def __call__(self) -> Readiness:
        """What is found now, or was within the last second; never raises."""
        now = self._clock.monotonic()
        done = self._asking is not None and self._asking.done()
        if self._asking is None or (done and now - self._asked_at >= REMEMBERED_FOR_SECONDS):
            self._asking = asyncio.get_running_loop().create_task(self._ask())
            self._asked_at = now
        checks = await asyncio.shield(self._asking)
        return Readiness(self._state.serving, checks)

    async def _ask(self) -> Mapping[str, bool]:
        answers = await asyncio.gather(*(self._ask_one(probe) for probe in self._probes))
        return {probe.name: answer for probe, answer in zip(self._probes, answers, strict=True)}

    async def _ask_one(self, probe: HealthProbe) -> bool:
        try:
            async with asyncio.timeout(PROBE_TIMEOUT_SECONDS):
                return await probe.is_healthy()
        except Exception:  # noqa: BLE001  whatever it is, the system cannot work
            return False
