"""What runs beside the calls while a process serves."""

import asyncio
from pathlib import Path

import pytest

from entrypoints.container import Container
from entrypoints.process.lifecycle import running_process
from entrypoints.process.settings import Settings

ALWAYS = {"lead-writer", "KeyUsage", "ChannelActivity", "release-loop", "store-watch"}
NOBODY = "redis://127.0.0.1:1"


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
