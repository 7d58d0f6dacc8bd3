"""`/api/{channel}/webhook`, for every channel that is switched on."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from functools import partial

from sanic import Blueprint, HTTPResponse, text
from structlog.contextvars import bind_contextvars

from application.ports.lead_channel import Delivery
from application.receive_webhook import ReceiveWebhook
from application.verify_webhook import VerifyWebhook
from entrypoints.http.answers import json_answer
from entrypoints.http.credentials import key_of, query_of
from entrypoints.http.request import Request

BODY_LIMIT_BYTES = 4 * 1024 * 1024


def webhooks_blueprint(
    channels: Iterable[str],
    verify_webhook: Callable[[], VerifyWebhook],
    receive_webhook: Callable[[], ReceiveWebhook],
) -> Blueprint:
    """
    A pair of routes for each channel, the same for all: what differs is in the channel.

    Every line that is logged of a call names its channel.
    """
    blueprint = Blueprint("webhooks")

    async def challenge(request: Request, channel: str) -> HTTPResponse:
        bind_contextvars(channel=channel)
        query = {name: values[0] for name, values in query_of(request).items()}
        return text(await verify_webhook()(channel, key_of(request), query))

    async def receive(request: Request, channel: str) -> HTTPResponse:
        bind_contextvars(channel=channel)
        delivery = Delivery(
            body=request.body,
            query={name: v for name, v in query_of(request).items() if name != "api_key"},
            headers={name.lower(): request.headers.getall(name) for name in request.headers},
        )
        receipt = await receive_webhook()(channel, key_of(request), delivery, str(request.id))
        counts = asdict(receipt)
        vars(request.ctx).update(counts)  # for the log
        del counts["project_id"]
        return json_answer(counts)

    for name in channels:
        path = f"/api/{name}/webhook"
        blueprint.add_route(
            partial(challenge, channel=name), path, ["GET"], name=f"{name}_challenge"
        )
        blueprint.add_route(
            partial(receive, channel=name),
            path,
            ["POST"],
            name=f"{name}_receive",
            ctx_body_limit_bytes=BODY_LIMIT_BYTES,
        )
    return blueprint
