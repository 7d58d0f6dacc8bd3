"""Settings that a test changes; they are in force everywhere when the change returns."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from application.held.hold_refused import HoldRefused
from application.process.settings_cache import EXPIRES_AFTER_SECONDS
from domain.delivery import Delivery
from domain.held import HeldLimits
from domain.project import Project
from entrypoints.container import Container

OURS, THEIRS = "abcdefgh", "ijklmnop"
STAMPED = Delivery(b"", {"x-stamp": [OURS]})


def set_to(container: Container, **values: Any) -> None:
    """Change settings of the process, before what needs them is made."""
    container.settings.override(container.settings().model_copy(update=values))


def hold_at_most(container: Container, calls: int) -> None:
    """Let what is made of the process from now on hold no more of a project and code."""
    container.held_limits.override(HeldLimits(calls=calls))


def holding_at_most(container: Container, calls: int) -> HoldRefused:
    """What holds refused calls, no more of a project and code."""
    hold_at_most(container, calls)
    return container.hold_refused()


async def change(container: Container, project: Project, **fields: Any) -> None:
    """Change fields of the project."""
    await container.projects().change(project.project_id, lambda old: replace(old, **fields))
    container.clock().advance(EXPIRES_AFTER_SECONDS)


async def lists(
    container: Container, project: Project, boxes: Sequence[str], stamps: Sequence[str] = (OURS,)
) -> None:
    """Let the project list these post boxes, and know these stamps."""
    values = {"boxes": boxes, "stamp": stamps}
    await container.channel_settings().change(project.project_id, "postcards", values)
    container.clock().advance(EXPIRES_AFTER_SECONDS)
