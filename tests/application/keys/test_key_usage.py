import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest

from adapters.sqlite import SqliteDatabase, SqliteKeyRegister
from application.keys.key_usage import KeyUsage
from domain.errors import StorageUnavailable
from domain.project import Project
from entrypoints.container import Container
from tests.application.fakes import let_tasks_start
from tests.support.builders import a_key
from tests.support.clocks import StillClock

MINUTE = timedelta(minutes=1)


class WatchedKeys(SqliteKeyRegister):
    """A register that shows what it is told, with outages and a gate."""

    def __init__(self, database: SqliteDatabase) -> None:
        super().__init__(database)
        self.told: list[Mapping[str, datetime]] = []
        self.is_down = False
        self.gate = asyncio.Event()
        self.gate.set()

    async def mark_used(self, last_used: Mapping[str, datetime]) -> None:
        self.told.append(dict(last_used))
        await self.gate.wait()
        if self.is_down:
            raise StorageUnavailable("down")
        await super().mark_used(last_used)


@pytest.fixture
def keys(container: Container) -> WatchedKeys:
    keys = WatchedKeys(container.database())
    container.keys.override(keys)
    return keys


@pytest.fixture
def usage(container: Container, keys: WatchedKeys) -> KeyUsage:
    return container.key_usage()


@pytest.fixture
async def key_id(keys: WatchedKeys, project: Project) -> str:
    return (await keys.add(a_key(project))).key_id


async def last_used(keys: WatchedKeys, project: Project) -> list[datetime | None]:
    return [key.last_used_at for key in await keys.of_project(project.project_id)]


async def test_the_minute_in_which_a_key_was_last_used_is_written_down(
    usage: KeyUsage, keys: WatchedKeys, clock: StillClock, project: Project, key_id: str
) -> None:
    noon = clock.now().replace(second=0, microsecond=0)
    usage.note(key_id)
    clock.advance(90)
    usage.note(key_id)
    await usage.flush()

    assert await last_used(keys, project) == [noon + MINUTE]


async def test_nothing_is_written_down_before_it_is_time(
    usage: KeyUsage, keys: WatchedKeys, key_id: str
) -> None:
    usage.start()
    usage.note(key_id)
    await let_tasks_start()

    assert keys.told == []
    await usage.stop()


async def test_a_key_is_written_down_once_a_minute(
    usage: KeyUsage, keys: WatchedKeys, clock: StillClock, key_id: str
) -> None:
    noon = clock.now().replace(second=0, microsecond=0)
    for _ in range(13):
        usage.note(key_id)
        await usage.flush()
        clock.advance(5)

    assert keys.told == [{key_id: noon}, {key_id: noon + MINUTE}]


async def test_the_store_is_left_alone_when_no_key_was_used(
    usage: KeyUsage, keys: WatchedKeys
) -> None:
    await usage.flush()

    assert keys.told == []


async def test_what_cannot_be_written_down_is_tried_the_next_time(
    usage: KeyUsage, keys: WatchedKeys, clock: StillClock, project: Project, key_id: str
) -> None:
    noon = clock.now().replace(second=0, microsecond=0)
    usage.note(key_id)
    keys.is_down = True
    await usage.flush()
    keys.is_down = False
    await usage.flush()

    assert await last_used(keys, project) == [noon]


async def test_a_use_during_a_write_that_fails_is_not_forgotten(
    usage: KeyUsage, keys: WatchedKeys, clock: StillClock, project: Project, key_id: str
) -> None:
    noon = clock.now().replace(second=0, microsecond=0)
    usage.note(key_id)
    keys.gate.clear()
    keys.is_down = True
    flush = asyncio.create_task(usage.flush())
    await let_tasks_start()
    clock.advance(60)
    usage.note(key_id)
    keys.gate.set()
    await flush
    keys.is_down = False
    await usage.flush()

    assert await last_used(keys, project) == [noon + MINUTE]


@pytest.mark.parametrize("started", [True, False])
async def test_what_is_left_is_written_down_at_the_end(
    usage: KeyUsage,
    keys: WatchedKeys,
    clock: StillClock,
    project: Project,
    key_id: str,
    started: bool,
) -> None:
    if started:
        usage.start()
    usage.note(key_id)
    await usage.stop()

    assert await last_used(keys, project) == [clock.now().replace(second=0, microsecond=0)]


async def test_a_store_that_is_down_does_not_disturb_the_end(
    usage: KeyUsage, keys: WatchedKeys, project: Project, key_id: str
) -> None:
    usage.start()
    usage.note(key_id)
    keys.is_down = True
    await usage.stop()

    assert await last_used(keys, project) == [None]
