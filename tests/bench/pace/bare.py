"""An empty Sanic handler that reads JSON: the most that a service on Sanic can reach."""

import sys

from sanic import HTTPResponse, Request, Sanic, json

app = Sanic("bare")


@app.post("/api/public/lead")
async def lead(request: Request) -> HTTPResponse:
    """Read the body, and do nothing with it."""
    return json(
        {"code": "LEAD_CREATED", "message": f"{len(request.json)} fields", "lead_id": 1}, 201
    )


if __name__ == "__main__":
    app.run("127.0.0.1", int(sys.argv[1]), single_process=True, access_log=False, motd=False)
