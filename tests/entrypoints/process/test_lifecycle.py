"""What runs beside the calls while a process serves."""

import asyncio
from pathlib import Path

import pytest

from application.capture.lead_writer import LeadWriter
from application.held.release_loop import ReleaseLoop
from domain.capture import Kept, Outcome
from domain.project import Project
from entrypoints.container import Container
from entrypoints.process.lifecycle import running_process
from entrypoints.process.settings import Settings
from tests.support.builders import a_capture, a_project

ALWAYS = {"lead-writer", "KeyUsage", "ChannelActivity", "release-loop", "store-watch"}
NOBODY = "redis://127.0.0.1:1"


class LateRelease(ReleaseLoop):
    """A release that is under way when the process ends, and still has something to write."""

    def __init__(self, writer: LeadWriter, project: Project) -> None:
        self._writer_of_leads, self._project = writer, project
        self.outcome: Outcome | None = None

    def start(self) -> None:
        pass

    async def stop(self) -> None:
        self.outcome = await self._writer_of_leads.write(a_capture(self._project))


def tasks() -> set[str]:
    return {task.get_name() for task in asyncio.all_tasks()}


@pytest.mark.parametrize(
    ("redis_url", "expected"), [("memory://", ALWAYS), (NOBODY, {*ALWAYS, "rate-exchange"})]
)
async def test_all_that_works_in_the_background_begins_and_ends_with_the_process(
    tmp_path: Path, redis_url: str, expected: set[str]
) -> None:
    url = f"sqlite:///{tmp_path}/leads.db"
    settings = Settings(_env_file=None, database_url=url, redis_url=redis_url)
    before = tasks()

    async with running_process(Container(settings=settings)):
        during = tasks()

    assert during - before == expected
    assert tasks() == before


async def test_what_a_release_writes_at_the_end_is_written(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/leads.db"
    container = Container(settings=Settings(_env_file=None, database_url=url))
    project = a_project()
    release = LateRelease(container.writer(), project)
    container.release_loop.override(release)

    async with running_process(container):
        await container.projects().add(project)

    assert isinstance(release.outcome, Kept)
