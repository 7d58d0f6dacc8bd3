"""The Sanic application: routes, one error handler, and what holds for every request."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import orjson
from sanic import HTTPResponse, Sanic
from sanic.config import Config

from entrypoints.container import Container
from entrypoints.http.answers import on_error
from entrypoints.http.client_address import ClientAddress
from entrypoints.http.connection.body_memory import BodyMemory
from entrypoints.http.connection.protocol import dispatcher
from entrypoints.http.connection.refusal_pace import RefusalPace
from entrypoints.http.finishing import Finishing
from entrypoints.http.health import health_blueprint
from entrypoints.http.leads.answered import send_refused
from entrypoints.http.leads.lead_calls import lead_handler, leads_blueprint
from entrypoints.http.leads.lead_path import OwnAddress
from entrypoints.http.request import App, Request
from entrypoints.http.statuses import Failure
from entrypoints.http.webhooks import webhooks_blueprint

ErrorPage = Callable[[Request, Failure], Awaitable[HTTPResponse | None]]

CONFIG = {
    "ACCESS_LOG": False,
    "AUTO_EXTEND": False,
    "FALLBACK_ERROR_FORMAT": "json",
    "GRACEFUL_SHUTDOWN_TIMEOUT": 10.0,
    "REQUEST_ID_HEADER": "X-Swiftcrm-Never",  # a client's id is logged, never taken over
}
"""How long a connection may take, and how much of it is kept, is in `protocol`."""


def create_app(container: Container, process: AbstractAsyncContextManager[None]) -> App:
    """
    The application; *process* is entered before it listens, left after its last answer.

    Raises:
        ConfigurationError, StoreUnusable: A use case cannot be made with these settings.
    """
    app: App = Sanic(
        "swiftcrm",
        config=Config(env_prefix=None),  # settings are ours alone
        request_class=Request,
        configure_logging=False,
        dumps=lambda value: orjson.dumps(value).decode(),
        loads=orjson.loads,
    )
    app.config.update(CONFIG)
    client_address = ClientAddress(container.settings().trusted_proxies)
    app.ctx.client_address, app.ctx.body_memory = client_address, BodyMemory()
    app.ctx.refusal_pace = RefusalPace()
    own_address = OwnAddress(container.settings().public_url)
    capture = lead_handler(container.receive_lead(), client_address, own_address)
    app.ctx.handle = dispatcher(app, capture, send_refused)
    app.blueprint(leads_blueprint(capture))
    app.blueprint(
        webhooks_blueprint(
            container.channels(),
            client_address,
            container.verify_webhook(),
            container.receive_webhook(),
        )
    )
    app.blueprint(health_blueprint(container.check_readiness()))
    app.ctx.error_page = _error_page(app, container, client_address)
    app.error_handler.add(Exception, on_error)
    app.error_handler.add(asyncio.CancelledError, on_error)
    app.ctx.finishing = Finishing(app, container.state())

    @app.before_server_start
    async def start(*_: Any) -> None:
        await process.__aenter__()

    @app.after_server_stop
    async def stop(*_: Any) -> None:
        await process.__aexit__(None, None, None)

    return app


def _error_page(app: App, container: Container, client_address: ClientAddress) -> ErrorPage:
    """What answers a failure with a page: nothing does where the console is switched off."""
    if not container.settings().console:
        return _no_page
    from entrypoints.console.frame.blueprint import add_console  # noqa: PLC0415  only where it is on

    return add_console(app, container, client_address)


async def _no_page(_request: Request, _failure: Failure) -> None:
    return None
