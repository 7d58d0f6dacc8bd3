"""The Sanic application: routes, one error handler, and what holds for every request."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

import orjson
from sanic import Sanic
from sanic.config import Config

from application.capture.admit_call import AdmitCall
from application.capture.capture_lead import CaptureLead
from application.ports.lead_channel import LeadChannel
from application.process.check_readiness import CheckReadiness, ProcessState
from application.receive.receive_webhook import ReceiveWebhook
from application.receive.verify_webhook import VerifyWebhook
from entrypoints.http.answers import on_error
from entrypoints.http.client_address import ClientAddress
from entrypoints.http.connection.body_memory import BodyMemory
from entrypoints.http.connection.refusal_pace import RefusalPace
from entrypoints.http.health import health_blueprint
from entrypoints.http.leads import leads_blueprint
from entrypoints.http.middleware import add_middleware
from entrypoints.http.request import App, Request
from entrypoints.http.webhooks import webhooks_blueprint
from entrypoints.process.settings import Settings

CONFIG = {
    "ACCESS_LOG": False,
    "AUTO_EXTEND": False,
    "FALLBACK_ERROR_FORMAT": "json",
    "GRACEFUL_SHUTDOWN_TIMEOUT": 10.0,
    "REQUEST_ID_HEADER": "X-Swiftcrm-Never",  # a client's id is logged, never taken over
}
"""How long a connection may take, and how much of it is kept, is in `protocol`."""


class UseCases(Protocol):
    """What HTTP needs, each as a provider; the container has them all."""

    @property
    def settings(self) -> Callable[[], Settings]: ...
    @property
    def state(self) -> Callable[[], ProcessState]: ...
    @property
    def channels(self) -> Callable[[], Mapping[str, LeadChannel]]: ...
    @property
    def admit_call(self) -> Callable[[], AdmitCall]: ...
    @property
    def capture_lead(self) -> Callable[[], CaptureLead]: ...
    @property
    def verify_webhook(self) -> Callable[[], VerifyWebhook]: ...
    @property
    def receive_webhook(self) -> Callable[[], ReceiveWebhook]: ...
    @property
    def check_readiness(self) -> Callable[[], CheckReadiness]: ...


def create_app(use_cases: UseCases, process: AbstractAsyncContextManager[None]) -> App:
    """The application; *process* is entered before it listens, left after its last answer."""
    app: App = Sanic(
        "swiftcrm",
        config=Config(env_prefix=None),  # settings are ours alone
        request_class=Request,
        configure_logging=False,
        dumps=lambda value: orjson.dumps(value).decode(),
        loads=orjson.loads,
    )
    app.config.update(CONFIG)
    client_address = ClientAddress(use_cases.settings().trusted_proxies)
    app.ctx.client_address, app.ctx.body_memory = client_address, BodyMemory()
    app.ctx.refusal_pace = RefusalPace()
    app.blueprint(leads_blueprint(use_cases.admit_call, use_cases.capture_lead, client_address))
    app.blueprint(
        webhooks_blueprint(
            use_cases.channels(),
            client_address,
            use_cases.verify_webhook,
            use_cases.receive_webhook,
        )
    )
    app.blueprint(health_blueprint(use_cases.check_readiness))
    app.error_handler.add(Exception, on_error)
    app.error_handler.add(asyncio.CancelledError, on_error)
    add_middleware(app, use_cases.state())

    @app.before_server_start
    async def start(*_: Any) -> None:
        await process.__aenter__()

    @app.after_server_stop
    async def stop(*_: Any) -> None:
        await process.__aexit__(None, None, None)

    return app
