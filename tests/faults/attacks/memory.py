"""The resident memory of another process, as the kernel counts it."""

from pathlib import Path

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
