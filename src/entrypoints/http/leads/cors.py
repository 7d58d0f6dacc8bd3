"""
Cross-origin answers on the lead path (https://fetch.spec.whatwg.org/#http-cors-protocol).

A preflight carries no key, so it cannot be judged: every one is answered, and the POST
decides. Refusals carry the headers too, so that a page's script can read their code.

A page may send credentials, for a JSON beacon always does and is lost without a trace where
they are not allowed. Nothing here reads any: the key is no cookie, and one in a page is public.
"""

import re

from sanic.response import BaseHTTPResponse

from entrypoints.http.request import Request

PREFLIGHT = {
    "Access-Control-Allow-Methods": "POST, OPTIONS",
    "Access-Control-Max-Age": "7200",
}
USUAL_HEADERS = "Content-Type, X-Api-Key, Authorization, Idempotency-Key, Prefer, X-Request-Id"
EXPOSED = "X-Request-Id, Retry-After, Idempotency-Replayed, X-SwiftCRM-Held"
MOST_ASKED = 50
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")


def preflight_headers(request: Request) -> dict[str, str]:
    """
    What a preflight is answered with: the page may send all the headers that it asks for.

    Libraries add their own (`sentry-trace`, `x-requested-with`), and a browser drops the lead
    if one is missing here. Of the answer's text nothing is the page's but plain names.
    """
    asked = ",".join(request.headers.getall("access-control-request-headers", ())).split(",")
    names = [name.lower() for text in asked if _NAME.fullmatch(name := text.strip())]
    allowed = ", ".join(dict.fromkeys(names[:MOST_ASKED])) or USUAL_HEADERS
    return {**PREFLIGHT, "Access-Control-Allow-Headers": allowed}


VARY = {"Vary": "Origin"}
"""Of every answer: a cache must not give one page the answer of another."""
READABLE = {
    "Access-Control-Allow-Credentials": "true",
    "Access-Control-Expose-Headers": EXPOSED,
}
"""With `ALLOW_ORIGIN`, which names the page: it may read the answer."""
ALLOW_ORIGIN = "Access-Control-Allow-Origin"


def page_origin(request: Request) -> str | None:
    """The origin of the page that asks; None unless it is plain ASCII, as a header may be."""
    origin = request.headers.get("origin")
    return origin if origin and origin.isascii() and origin.isprintable() else None


def add_cors_headers(request: Request, response: BaseHTTPResponse) -> None:
    """Let the page that asked read the answer, whatever it is."""
    headers, origin = response.headers, page_origin(request)
    vary = headers.get("vary")
    headers.update(VARY)
    if origin is not None:
        headers.update({**READABLE, ALLOW_ORIGIN: origin})
    if vary:
        headers["vary"] = f"{vary}, Origin"
