"""`/api/{channel}/webhook`, for every channel that is switched on."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial

from sanic import Blueprint, HTTPResponse, text

from application.ports.lead_channel import LeadChannel
from application.receive.receive_webhook import ReceiveWebhook
from application.receive.verify_webhook import VerifyWebhook
from domain.delivery import Delivery
from entrypoints.http.answers import json_answer
from entrypoints.http.client_address import ClientAddress
from entrypoints.http.credentials import key_of, query_of
from entrypoints.http.request import Request
from entrypoints.process.logs import note_in_call


def _by_name(request: Request) -> Mapping[str, Sequence[str]]:
    """The headers by lower-case name, each with its values as they came; in one pass."""
    found: dict[str, list[str]] = {}
    for name, value in request.headers.items():
        found.setdefault(name.lower(), []).append(value)
    return found


def webhooks_blueprint(
    channels: Mapping[str, LeadChannel],
    client_address: ClientAddress,
    verify_webhook: VerifyWebhook,
    receive_webhook: ReceiveWebhook,
) -> Blueprint:
    """
    A pair of routes for each channel, the same for all: what differs is in the channel.

    Every line that is logged of a call names its channel.
    """
    blueprint = Blueprint("webhooks")

    async def challenge(request: Request, channel: str) -> HTTPResponse:
        note_in_call(channel=channel)
        query = {name: values[0] for name, values in query_of(request).items()}
        return text(await verify_webhook(channel, key_of(request), query))

    async def receive(request: Request, channel: str) -> HTTPResponse:
        note_in_call(channel=channel)
        limit = channels[channel].largest_body_bytes
        request.refuse_larger_than(limit)
        request.count_unread(client_address.of(request))
        head = Delivery(
            body=b"",
            query={name: v for name, v in query_of(request).items() if name != "api_key"},
            headers=_by_name(request),
        )
        expected = await receive_webhook.expect(channel, key_of(request), head)
        refuse_crowd = partial(receive_webhook.refuse_crowd, expected)
        body = await request.whole_body(limit, expected.project.project_id, refuse_crowd)
        receipt = await receive_webhook(expected, body, request.id)
        counts = asdict(receipt)
        vars(request.ctx).update(counts)  # for the log
        del counts["project_id"], counts["has_brought_something"]
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
        )
    return blueprint
