"""A finding as lines of a table."""

from tests.faults.attacks.measures import Finding, Measured
from tests.faults.attacks.speaking import counted

HEAD = (
    f"{'':<25}{'p50 ms':^15}{'p99 ms':^15}{'max ms':^15}{'':>8} {'lost':^9}{'MB above idle':>22}\n"
    f"{'attack':<25}" + f"{'calm':>7}{'during':>8}" * 3 + f"{'ratio':>8} {'during':^9}"
    f"{'idle':>6}{'peak':>8}{'after':>8}  bounds"
)


def rows(name: str, finding: Finding) -> list[str]:
    """A row of figures; below it what was sent, how it was answered, and what did not hold."""
    verdict = "broken" if finding.broken else "hold"
    figures = _figures(finding.measured) if finding.measured else " " * 85
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
    calm, during, memory = measured.calm, measured.during, measured.memory
    pairs = (
        (calm.median, during.median), (calm.p99, during.p99), (calm.longest, during.longest),
    )  # fmt: skip
    lost = f"{during.lost}/{len(during.took)}"
    return (
        "".join(f"{one:>7.1f}{other:>8.1f}" for one, other in pairs)
        + f"{measured.ratio:>8.1f} {lost:^9}{memory.idle:>6.0f}"
        + f"{memory.peak - memory.idle:>+8.0f}{memory.after - memory.idle:>+8.0f}"
    )
