"""The messages of a person who waits for a place wait together."""

from collections import defaultdict
from collections.abc import Sequence

from application.ports.held_archive import HeldArchive
from application.ports.lead_ledger import Capture, NotKept, Outcome, Why
from domain.held import PLAN_LIMIT_REACHED
from domain.lead import Identity

Attempts = Sequence[tuple[Capture, Outcome]]
NOBODY_KNOWN, PLAN_FULL = NotKept(Why.NOBODY_KNOWN), NotKept(Why.PLAN_FULL)


async def wait_together(archive: HeldArchive, attempts: Attempts) -> list[Outcome]:
    """
    The outcomes of *attempts*, where an edit or a revocation has the fate of its message.

    It opens no lead, and of a person whom nobody knows it is ignored. But of somebody who waits
    for a place, in these attempts or in *archive*, something would be lost of what becomes a
    lead later: for that, too, there is no place yet.

    One query for a project and channel, and none where no such message is nobody's.

    Raises:
        StorageUnavailable: It is not known who waits.
    """
    waiting: dict[tuple[str, str], set[Identity]] = defaultdict(set)
    for capture, outcome in attempts:
        if outcome == PLAN_FULL:
            waiting[_where(capture)].update(capture.identities)
    changes = [capture for capture, outcome in attempts if _is_nobodys(capture, outcome)]
    for project_id, channel in {_where(capture) for capture in changes}:
        held = await archive.persons(project_id, channel, PLAN_LIMIT_REACHED)
        waiting[project_id, channel].update(held)
    return [
        PLAN_FULL
        if _is_nobodys(capture, outcome)
        and not waiting[_where(capture)].isdisjoint(capture.identities)
        else outcome
        for capture, outcome in attempts
    ]


def _is_nobodys(capture: Capture, outcome: Outcome) -> bool:
    return outcome == NOBODY_KNOWN and capture.message is not None


def _where(capture: Capture) -> tuple[str, str]:
    return capture.project_id, capture.channel
