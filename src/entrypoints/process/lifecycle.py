"""What a container holds, opened and started in order, and ended in reverse."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # slow to import, and --help needs it not
    from entrypoints.container import Container


@asynccontextmanager
async def opened_store(
    container: "Container", *, create: bool, patient: bool = False
) -> AsyncIterator[None]:
    """
    The store, open for as long as the block lasts.

    If *patient*, a server that is away may come later; until then what needs it is answered
    `StorageUnavailable`.

    Raises:
        ConfigurationError: A channel cannot be loaded; then no store is made either.
        StoreUnusable: It is missing (and not to be made), foreign, or newer than this program.
        StorageUnavailable: Its server did not answer in time, and nobody is patient.
    """
    container.channels()
    async with container.database().opened(create=create, patient=patient):
        yield


@asynccontextmanager
async def running_process(container: "Container") -> AsyncIterator[None]:
    """
    All that a serving process needs, from the open store to the writer; ended in reverse.

    When this ends, no request waits any more. First nothing more is released, by itself or for
    somebody on a page: it would give the writer more to write. Then the writer writes what still
    waits, also of what was being released. After that the moments that were noted are written down.
    All three need the store, which closes next; last comes the exchange of the rate limits, which
    no other part needs.
    A process that is killed does none of this: each lead that it was writing is whole or absent,
    and what was in memory alone is lost (`LeadWriter`, `WriteBehind`).
    """
    exchanging = container.rate_limits().exchanging()
    async with exchanging, opened_store(container, create=True, patient=True):
        writer, state = container.writer(), container.state()
        noting = (
            container.key_usage(),
            container.channel_activity(),
            container.hold_refused(),
            container.session_usage(),
        )
        release_loop = container.release_loop()
        for one in (writer, *noting, release_loop):
            one.start()
        state.serving = True
        try:
            yield
        finally:
            state.serving = False
            await release_loop.stop()
            await container.release_in_background().stop()
            await writer.stop()
            await asyncio.gather(*(one.stop() for one in noting))
