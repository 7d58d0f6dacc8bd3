"""What holds for whatever is noted; see also the use of keys and the activity of channels."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest

from application.process.write_behind import WriteBehind
from domain.errors import StorageUnavailable
from tests.application.fakes import let_tasks_start
from tests.support.builders import NOW

LATER = NOW + timedelta(seconds=1)
SOON, NEVER = 0.001, 1e6


class Notebook:
    """What was written down, with outages and a gate."""

    def __init__(self) -> None:
        self.written: list[Mapping[str, datetime]] = []
        self.asked = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()
        self.is_down = False

    async def write(self, moments: Mapping[str, datetime]) -> None:
        self.asked.set()
        await self.gate.wait()
        if self.is_down:
            raise StorageUnavailable("down")
        self.written.append(dict(moments))


@pytest.fixture
def notebook() -> Notebook:
    return Notebook()


@pytest.fixture
def moments(notebook: Notebook) -> WriteBehind[str]:
    return WriteBehind(notebook.write, every_seconds=NEVER, most_noted=3)


async def test_it_is_written_down_by_itself(notebook: Notebook) -> None:
    moments = WriteBehind(notebook.write, every_seconds=SOON)
    moments.start()
    moments.note_at("a", NOW)
    await notebook.asked.wait()
    await moments.stop()

    assert notebook.written == [{"a": NOW}]


async def test_nothing_is_written_down_before_it_is_time(
    moments: WriteBehind[str], notebook: Notebook
) -> None:
    moments.start()
    moments.note_at("a", NOW)
    await let_tasks_start()

    assert notebook.written == []
    await moments.stop()


async def test_a_moment_is_written_down_once_and_the_store_left_alone_without_one(
    moments: WriteBehind[str], notebook: Notebook
) -> None:
    for moment in (NOW, NOW, LATER, LATER):
        moments.note_at("a", moment)
        await moments.flush()
    await moments.flush()

    assert notebook.written == [{"a": NOW}, {"a": LATER}]


async def test_what_cannot_be_written_down_is_tried_the_next_time(
    moments: WriteBehind[str], notebook: Notebook
) -> None:
    moments.note_at("a", NOW)
    notebook.is_down = True
    await moments.flush()
    notebook.is_down = False
    await moments.flush()

    assert notebook.written == [{"a": NOW}]


async def test_what_is_noted_during_a_write_that_fails_is_not_forgotten(
    moments: WriteBehind[str], notebook: Notebook
) -> None:
    notebook.gate.clear()
    notebook.is_down = True
    moments.note_at("a", NOW)
    flush = asyncio.create_task(moments.flush())
    await let_tasks_start()
    moments.note_at("a", LATER)
    notebook.gate.set()
    await flush
    notebook.is_down = False
    await moments.flush()

    assert notebook.written == [{"a": LATER}]


@pytest.mark.parametrize("started", [True, False])
async def test_what_is_left_is_written_down_at_the_end(
    moments: WriteBehind[str], notebook: Notebook, started: bool
) -> None:
    if started:
        moments.start()
    moments.note_at("a", NOW)
    await moments.stop()

    assert notebook.written == [{"a": NOW}]


async def test_a_store_that_is_down_does_not_disturb_the_end(
    moments: WriteBehind[str], notebook: Notebook
) -> None:
    moments.start()
    moments.note_at("a", NOW)
    notebook.is_down = True
    await moments.stop()

    assert notebook.written == []


async def test_noting_waits_for_nothing(notebook: Notebook) -> None:
    notebook.gate.clear()
    moments = WriteBehind(notebook.write, every_seconds=SOON)
    moments.start()
    moments.note_at("a", NOW)
    await notebook.asked.wait()
    moments.note_at("a", LATER)
    notebook.gate.set()
    await moments.stop()

    assert notebook.written[-1] == {"a": LATER}


async def test_the_end_in_the_midst_of_a_write_writes_it_down(notebook: Notebook) -> None:
    notebook.gate.clear()
    moments = WriteBehind(notebook.write, every_seconds=SOON)
    moments.start()
    moments.note_at("a", NOW)
    await notebook.asked.wait()
    stop = asyncio.create_task(moments.stop())
    await let_tasks_start()
    notebook.gate.set()
    await stop

    assert notebook.written == [{"a": NOW}]


async def test_what_is_noted_is_bounded_and_what_is_noted_already_goes_on(
    moments: WriteBehind[str], notebook: Notebook
) -> None:
    for thing in "abcde":
        moments.note_at(thing, NOW)
    moments.note_at("a", LATER)
    await moments.flush()

    assert notebook.written == [{"a": LATER, "b": NOW, "c": NOW}]


async def test_it_stays_bounded_while_the_store_is_away(
    moments: WriteBehind[str], notebook: Notebook
) -> None:
    notebook.is_down = True
    notebook.gate.clear()
    moments.note_at("a", NOW)
    moments.note_at("b", NOW)
    flush = asyncio.create_task(moments.flush())
    await let_tasks_start()
    for thing in "bcd":
        moments.note_at(thing, LATER)
    notebook.gate.set()
    await flush
    notebook.is_down = False
    await moments.flush()
    moments.note_at("e", LATER)
    await moments.flush()

    assert notebook.written == [{"a": NOW, "b": LATER, "c": LATER}, {"e": LATER}]
