"""
Cross-origin answers on the lead path (https://fetch.spec.whatwg.org/#http-cors-protocol).

A preflight carries no key, so it cannot be judged: every one is answered, and the POST
decides. Refusals carry the headers too, so that a page's script can read their code.
Never credentials: a key in a page is public.
"""

from sanic.response import BaseHTTPResponse

from entrypoints.http.request import Request

METHODS = "POST, OPTIONS"
PREFLIGHT = {
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": (
        "Content-Type, X-Api-Key, Authorization, Idempotency-Key, X-Request-Id"
    ),
    "Access-Control-Max-Age": "7200",
}
EXPOSED = "X-Request-Id, Retry-After, Idempotency-Replayed"


def add_cors_headers(request: Request, response: BaseHTTPResponse) -> None:
    """Let the page that asked read the answer, whatever it is."""
    vary = response.headers.get("vary")
    response.headers["vary"] = f"{vary}, Origin" if vary else "Origin"
    origin = request.headers.get("origin", "")
    if origin and origin.isascii() and origin.isprintable():
        response.headers["access-control-allow-origin"] = origin
        response.headers["access-control-expose-headers"] = EXPOSED
