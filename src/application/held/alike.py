"""
Held calls that say the same are one lead, whichever codes they are held under.

Whoever was refused for one reason and tries again may be refused for another one. Both calls are
held, so that each code shows what it kept out, and may be released apart: by a command for each
code, by their ids, or by themselves. What is recorded of each is the first of them. It has one id,
so that whoever records it again finds the lead that it made.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from application.ports.held_archive import HeldArchive
from domain.held import CODES, HeldCall, HeldQuery

Alike = Sequence[HeldCall]
"""All calls that a project holds and that say the same, oldest first."""


async def find_alike(
    archive: HeldArchive, project_id: str, calls: Sequence[HeldCall]
) -> Mapping[str, Alike]:
    """
    What says the same as each of *calls*, itself among it, by its `held_id`.

    One that is held no longer is missing: somebody else released it since it was read.

    Raises:
        StorageUnavailable: Nothing is known.
    """
    says = {call.says for call in calls if call.says is not None}
    saying: defaultdict[str, list[HeldCall]] = defaultdict(list)
    if says:
        query = HeldQuery(project_id=project_id, says=says)
        # What says the same is held once for each reason.
        for one in await archive.page(query, after=None, limit=len(says) * len(CODES)):
            saying[one.says or ""].append(one)
    alike = {call.held_id: [call] if call.says is None else saying[call.says] for call in calls}
    return {
        held_id: same
        for held_id, same in alike.items()
        if any(one.held_id == held_id for one in same)
    }
