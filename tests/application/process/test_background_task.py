import asyncio
import contextlib

import pytest

from application.process.background_task import BackgroundTask


async def test_it_does_its_work_again_and_again() -> None:
    times = 0
    third = asyncio.Event()

    async def work() -> None:
        nonlocal times
        times += 1
        if times == 3:
            third.set()

    task = BackgroundTask(work, every_seconds=0.0, name="counting")
    task.start()
    async with asyncio.timeout(10):
        await third.wait()
    await task.stop()
    then = times
    await asyncio.sleep(0)

    assert times == then


@pytest.mark.parametrize("swallows", [False, True])
async def test_its_end_cuts_the_work_short_and_waits_for_it(*, swallows: bool) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        if begun.is_set():
            return  # A loop that goes on can be cancelled now: this test fails and does not hang.
        begun.set()
        try:
            with (
                contextlib.suppress(asyncio.CancelledError)
                if swallows
                else contextlib.nullcontext()
            ):
                await asyncio.Event().wait()
        finally:
            ended.set()

    task = BackgroundTask(work, every_seconds=0.0, name="waiting")
    task.start()
    async with asyncio.timeout(10):
        await begun.wait()
        await task.stop()

    assert ended.is_set()


async def test_one_that_never_began_ends_too() -> None:
    async def work() -> None:
        pytest.fail("nobody started it")

    await BackgroundTask(work, every_seconds=0.0, name="idle").stop()
