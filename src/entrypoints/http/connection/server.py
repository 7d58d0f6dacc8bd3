"""Listening, serving, and ending without leaving anybody unanswered."""

import asyncio
import errno
import os
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import structlog
from sanic.application.state import ApplicationServerInfo
from sanic.http.constants import HTTP

from application.process.check_readiness import ProcessState
from domain.allowlist import LARGEST_PORT
from entrypoints.http.connection.protocol import Protocol
from entrypoints.http.request import App

BACKLOG = 2048
ANOTHER_PORT_HELPS = (errno.EADDRINUSE, errno.EACCES)
UNPRIVILEGED_PORT = 1024
"""From here on a port needs no special rights."""
USUAL_PORT = 8000
PORTS_TRIED = 100
LAST_CALLS_SECONDS = 0.3
"""How long requests on open connections are still answered once nothing new can connect."""

log = structlog.get_logger("swiftcrm.server")


class CannotListen(Exception):
    """
    The address to listen on cannot be had.

    Attributes:
        cause: What the system says of it.
        free_port: One of the same host that is free now; 0, which takes any, if none was found.
    """

    def __init__(self, host: str, port: int, cause: OSError, free_port: int = 0) -> None:
        super().__init__(f"{host}, port {port}: {cause.strerror}")
        self.host = host
        self.port = port
        self.cause = cause
        self.free_port = free_port


def bind(host: str, port: int) -> socket.socket:
    """
    A listening address, taken before anything else is started; port 0 takes a free one.

    Raises:
        CannotListen: It cannot be had.
    """
    try:
        return _bound(host, port)
    except OSError as error:
        free_port = _free_port(host, port) if error.errno in ANOTHER_PORT_HELPS else 0
        raise CannotListen(host, port, error, free_port) from None


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener


def _free_port(host: str, port: int) -> int:
    """The next free one after *port*, or a usual one after a port that only root may open."""
    first = port + 1 if port >= UNPRIVILEGED_PORT else USUAL_PORT
    for candidate in range(first, min(first + PORTS_TRIED, LARGEST_PORT + 1)):
        with suppress(OSError):
            _bound(host, candidate).close()
            return candidate
    return 0


async def run(
    app: App,
    listener: socket.socket,
    state: ProcessState,
    *,
    drain_wait_seconds: float,
    on_ready: Callable[[], None],
) -> None:
    """
    Serve until SIGTERM or SIGINT; a second signal ends it without waiting for any request.

    The end has an order. First the process says that it is not ready, so that a proxy sends new
    calls elsewhere, and it goes on serving for as long as the proxy needs to notice. Then nothing
    new can connect, but requests on open connections, sent before their clients saw the end, are
    still answered for a moment. Then every connection closes that has no whole request. What has
    come whole is answered; only after that the release loop, the writer and the store end
    (`process.lifecycle`), so that each of these requests still finds them.
    """
    stop, hurry = _signals()
    server = await _started(app, listener)
    host, port = listener.getsockname()[:2]
    log.info("server.listening", host=host, port=port)
    on_ready()
    await stop.wait()

    log.info("server.ending")
    state.serving = False  # not ready from here on; every answer closes its connection
    await _wait(hurry, drain_wait_seconds)
    await server.before_stop()
    server.server.close()
    await _wait(hurry, LAST_CALLS_SECONDS if server.connections else 0)
    for connection in list(server.connections):
        connection.drop_unless_whole()
    await _drained(server.connections, hurry, app.config.GRACEFUL_SHUTDOWN_TIMEOUT)
    for connection in list(server.connections):
        connection.drop()
    await server.after_stop()
    log.info("server.ended")


async def _started(app: App, listener: socket.socket) -> Any:
    """Sanic's `AsyncioServer`, listening only once everything behind it is there."""
    _know_the_protocol(app)
    # Sanic's advice at a terminal is for who runs Sanic: it names options that are not ours.
    os.environ["SANIC_IGNORE_PRODUCTION_WARNING"] = "true"
    server: Any = await app.create_server(
        sock=listener,
        protocol=Protocol,
        return_asyncio_server=True,
        backlog=BACKLOG,
        asyncio_server_kwargs={"start_serving": False},
    )
    await server.startup()
    await server.before_start()
    await server.start_serving()
    await server.after_start()
    return server


def _know_the_protocol(app: App) -> None:
    """Let Sanic know that there is HTTP/1.1 alone: else every answer has an empty Alt-Svc."""
    app.state.server_info.append(ApplicationServerInfo({"version": HTTP.VERSION_1}))


def _signals() -> tuple[asyncio.Event, asyncio.Event]:
    stop, hurry = asyncio.Event(), asyncio.Event()

    def on_signal() -> None:
        (hurry if stop.is_set() else stop).set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, on_signal)
    return stop, hurry


async def _wait(hurry: asyncio.Event, seconds: float) -> None:
    if seconds > 0:
        await asyncio.wait({asyncio.ensure_future(hurry.wait())}, timeout=seconds)


async def _drained(connections: set[object], hurry: asyncio.Event, seconds: float) -> None:
    """Wait until every connection is closed; it looks again and again, for Sanic sends no event."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while connections and not hurry.is_set() and loop.time() < deadline:  # noqa: ASYNC110  no event
        await asyncio.sleep(0.02)
