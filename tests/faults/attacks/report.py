"""A finding as lines of a table."""

from tests.faults.attacks.measures import Finding, Measured
from tests.faults.attacks.sockets import counted

HEAD = (
    f"{'':<25}{'p50 ms':^21}{'p99 ms':^21}{'max ms':^21}{'':>7} {'lost':^9}{'MB above idle':>22}\n"
    f"{'attack':<25}" + f"{'calm':>6}{'sink':>7}{'during':>8}" * 3 + f"{'ratio':>7} {'during':^9}"
    f"{'idle':>6}{'peak':>8}{'after':>8}  bounds"
)


def rows(name: str, finding: Finding) -> list[str]:
    """A row of figures; below it what was sent, how it was answered, and what did not hold."""
    verdict = "broken" if finding.broken else "hold"
    figures = _figures(finding.measured) if finding.measured else " " * 102
    is_doubtful = finding.measured is not None and finding.measured.is_doubtful
    return [
        f"{name:<25}{figures}  {verdict}",
        f"    sent: {finding.sent}",
        *([f"    answered: {counted(finding.answers)}"] if finding.answers else []),
        *(f"    {fact}" for fact in finding.facts),
        *(["    others used the machine: the calm p99 is none"] if is_doubtful else []),
        *(f"    BROKEN: {sentence}" for sentence in finding.broken),
    ]


def _figures(measured: Measured) -> str:
    loads, memory = (measured.calm, measured.elsewhere, measured.during), measured.memory
    during = measured.during
    rows = (
        [load.median for load in loads],
        [load.p99 for load in loads],
        [load.longest for load in loads],
    )
    lost = f"{during.lost}/{len(during.took)}"
    return (
        "".join(f"{calm:>6.1f}{sink:>7.1f}{now:>8.1f}" for calm, sink, now in rows)
        + f"{measured.ratio:>7.1f} {lost:^9}{memory.idle:>6.0f}"
        + f"{memory.peak - memory.idle:>+8.0f}{memory.after - memory.idle:>+8.0f}"
    )
