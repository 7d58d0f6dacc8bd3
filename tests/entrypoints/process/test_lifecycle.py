"""What runs beside the calls while a process serves."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from entrypoints.container import Container
from entrypoints.process.lifecycle import running_process
from entrypoints.process.settings import Settings

ALWAYS = {
    "lead-writer",
    "KeyUsage",
    "ChannelActivity",
    "SessionUsage",
    "release-loop",
    "lines of refused calls",
    "store-watch",
}
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


async def test_the_writer_ends_after_what_gives_it_work_and_before_what_notes_times(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path}/leads.db"
    container = Container(settings=Settings(_env_file=None, database_url=url))
    ended: list[str] = []

    def note_end(name: str, stop: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        async def stop_and_note() -> None:
            await stop()
            ended.append(name)

        return stop_and_note

    for name in ("key_usage", "channel_activity", "writer", "release_loop"):
        part = getattr(container, name)()
        monkeypatch.setattr(part, "stop", note_end(name, part.stop))

    async with running_process(container):
        pass

    assert ended[:2] == ["release_loop", "writer"]
    assert sorted(ended[2:]) == ["channel_activity", "key_usage"]
