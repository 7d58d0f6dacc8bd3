"""One serving process, from its settings to its end."""

import asyncio
import gc
import sys
from collections.abc import Callable

import structlog

from entrypoints.container import Container
from entrypoints.http.app import create_app
from entrypoints.http.connection.server import bind, run
from entrypoints.process.console_address import console_address
from entrypoints.process.lifecycle import running_process
from entrypoints.process.logs import configure_logging
from entrypoints.process.settings import unknown_variables

LOOK_EVERY = 50_000
"""
So many objects more than before, and the garbage collector looks at the young ones. Calls leave
no circles behind, but for those that are cut off; Python's own 700 are made by three leads.
"""
SWITCH_SECONDS = 0.0002
"""
How long a thread that reads a large body may keep the event loop waiting between two of its
bytecodes: Python's own 5 ms, at each of a request's turns, would be felt by everybody.
"""

log = structlog.get_logger("swiftcrm.server")


def serve(container: Container, host: str, port: int, on_ready: Callable[[str], None]) -> None:
    """
    Serve until SIGTERM or SIGINT.

    Raises:
        CannotListen, ConfigurationError, StoreUnusable: It cannot begin.
    """
    configure_logging()
    settings = container.settings()
    listener = bind(host, port)
    for name in unknown_variables():
        log.warning("settings.unknown_variable", name=name)
    log.info("store.opening", store=settings.store, location=settings.store_location)
    app = create_app(container, running_process(container))
    bound_host, bound_port = listener.getsockname()[:2]
    url = f"http://{f'[{bound_host}]' if ':' in bound_host else bound_host}:{bound_port}"
    if settings.console:
        log.info("console.on", url=console_address(settings.public_url, url))
    serving = run(
        app,
        listener,
        container.state(),
        drain_wait_seconds=settings.drain_wait_seconds,
        on_ready=lambda: _begin(on_ready, url),
    )
    sys.setswitchinterval(SWITCH_SECONDS)
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(serving)


def _begin(on_ready: Callable[[str], None], url: str) -> None:
    """
    Leave what the program is made of to the garbage collector no longer, for it never goes.

    To look through all of it takes 60 ms, every few thousand calls, in which nobody is answered.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(LOOK_EVERY, *gc.get_threshold()[1:])
    on_ready(url)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """The faster loop, where the platform has it."""
    try:
        import uvloop  # noqa: PLC0415  not on every platform
    except ImportError:
        return None
    return uvloop.new_event_loop
