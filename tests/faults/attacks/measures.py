"""What is measured beside an attack, and the bounds that must hold."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

P99_RATIO = 1.5
P99_FINE_MS = 10.0
"""A p99 below it counts as fine: so much two processors that are shared jitter by themselves."""
PEAK_MB = 150.0
"""Above what the idle process has."""
LATE_SECONDS = 2.0
"""So much later than its deadline a connection may close."""
SIGTERM_SECONDS = 2.0


@dataclass(frozen=True)
class Load:
    """How many milliseconds each lead of a steady sender took, and how many had no 201."""

    took: Sequence[float]
    lost: int

    @property
    def median(self) -> float:
        """Of all, those that were lost too."""
        return statistics.median(self.took)

    @property
    def p99(self) -> float:
        """What one of a hundred exceeds."""
        return statistics.quantiles(self.took, n=100)[98]

    @property
    def longest(self) -> float:
        """Of all, those that were lost too."""
        return max(self.took)


@dataclass(frozen=True)
class Memory:
    """Resident megabytes of the server."""

    idle: float
    peak: float
    after: float


@dataclass(frozen=True)
class Measured:
    """
    How another project and the memory fared beside an attack.

    Attributes:
        calm: Nobody else sent.
        elsewhere: The attackers sent the same to another server on this machine.
        during: They sent it to this one.
    """

    calm: Load
    elsewhere: Load
    during: Load
    memory: Memory

    @property
    def ratio(self) -> float:
        """How many times the p99 is that it would be if another server were attacked."""
        return self.during.p99 / max(self.calm.p99, self.elsewhere.p99)

    @property
    def is_doubtful(self) -> bool:
        """Whether the peace was none, so that its p99 says nothing."""
        return self.calm.p99 >= P99_FINE_MS

    def broken(self) -> list[str]:
        """Which bounds did not hold, each as a sentence."""
        broken = []
        if self.during.p99 >= P99_FINE_MS and self.ratio > P99_RATIO:
            broken.append(
                f"The neighbour's p99 is {self.ratio:.1f} times that beside the same attack on"
                f" another server (at most {P99_RATIO}, or below {P99_FINE_MS:.0f} ms)."
            )
        rise = self.memory.peak - self.memory.idle
        if rise > PEAK_MB:
            broken.append(f"The peak is {rise:.0f} MB above idle (at most {PEAK_MB:.0f}).")
        return broken


@dataclass(frozen=True)
class Finding:
    """What one attack sent, how it was answered, and which bounds did not hold."""

    sent: str
    answers: Mapping[str, int]
    measured: Measured | None = None
    facts: Sequence[str] = ()
    also_broken: Sequence[str] = ()

    @property
    def broken(self) -> list[str]:
        """Each as a sentence; none where all is well."""
        return [*(self.measured.broken() if self.measured else ()), *self.also_broken]


KB_IN_MB = 1024
FORGET_THE_PEAK = "5"
"""What `/proc/PID/clear_refs` takes for it (proc(5))."""


def forget_the_peak(pid: int) -> None:
    """Count the peak anew from here on."""
    Path(f"/proc/{pid}/clear_refs").write_text(FORGET_THE_PEAK)


def resident(pid: int) -> float:
    """Megabytes now."""
    return _megabytes(pid, "VmRSS:")


def peak(pid: int) -> float:
    """The most megabytes since the peak was forgotten."""
    return _megabytes(pid, "VmHWM:")


def _megabytes(pid: int, name: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / KB_IN_MB
    raise RuntimeError("the server ended under the attack")
