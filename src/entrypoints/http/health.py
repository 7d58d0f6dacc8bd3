"""`GET /api/health` and `GET /api/ready`, for supervisors and balancers."""

from sanic import Blueprint, HTTPResponse

from application.process.check_readiness import CheckReadiness
from entrypoints.http.answers import envelope, json_answer
from entrypoints.http.request import Request
from entrypoints.http.statuses import Failure


def health_blueprint(check_readiness: CheckReadiness) -> Blueprint:
    """Liveness touches nothing; readiness asks every outside system."""
    blueprint = Blueprint("health")

    async def health(_request: Request) -> HTTPResponse:
        return json_answer({"status": "ok"})

    async def ready(request: Request) -> HTTPResponse:
        readiness = await check_readiness()
        if readiness.is_ready:
            return json_answer({"status": "ready"})
        checks = {name: "ok" if well else "down" for name, well in readiness.checks.items()}
        members = {"status": "unavailable", "checks": checks}
        message = "This process should not be sent calls now."
        return envelope(request, Failure(503, "NOT_READY", message, members=members))

    blueprint.add_route(health, "/api/health", ["GET", "HEAD"])
    blueprint.add_route(ready, "/api/ready", ["GET", "HEAD"])
    return blueprint
