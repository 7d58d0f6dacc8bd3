"""Post boxes: the numbers of the channel that tests use, which projects list."""

from collections.abc import Sequence

from domain.delivery import Delivery
from domain.project import Project
from tests.application.posting import Post
from tests.support.clocks import StillClock

OURS, THEIRS = "abcdefgh", "ijklmnop"
STAMPED = Delivery(b"", {"x-stamp": [OURS]})


class Boxes:
    """Who lists which post boxes, under which stamps."""

    def __init__(self, post: Post, clock: StillClock) -> None:
        self.post = post
        self.clock = clock

    async def __call__(
        self, project: Project, boxes: Sequence[str], stamps: Sequence[str] = (OURS,)
    ) -> None:
        values = {"boxes": boxes, "stamp": stamps}
        await self.post.settings.change(project.project_id, "postcards", values)
        self.clock.advance(3)
