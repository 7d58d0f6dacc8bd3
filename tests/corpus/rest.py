"""
Calls of the lead path as real programs write them, in `rest.jsonl`, one a line.

    source     who sends so
    why        what is special about it
    project    none is a plain one; `allow` lists example.com, *.shop.example.org, münchen.de and
               my-site.com; `null` lists example.com and null; `rate` is behind a trusted proxy
               that passes on three calls a minute for each client
    request    what differs from a POST of JSON with the key: `method`, `path`, `headers` (null
               leaves one out), and the body as `json`, `text` or `base64`; or, byte for byte, as
               `wire`. `half_close`: the sending half is shut behind the body
    requests   several, in their order
    expected   the answer (`status`, `code`, `errors`, `warnings`, `applied`, `says`, `headers`,
               `never`), what a browser makes of it (`cors`, `preflight`, `allow_headers`), and the
               lead: `lead` (null is absent; of objects the named keys), `kept` (texts somewhere in
               it), `fit` (a field that begins so, or an attribute that is all of it); and under
               which code it is `held`, with what `advice` (a pattern); without, nothing is held

`{KEY}` and `{HOST}` are ours; `{{x*400}}` is the letter x 400 times.
"""

import base64
import json
import re
from pathlib import Path
from typing import Any

HOST = "leads.example.net"
"""Our own public name."""

CASES: list[dict[str, Any]] = [
    json.loads(line)
    for line in (Path(__file__).parent / "rest.jsonl").read_text("utf-8").splitlines()
]
NAMES = [case["id"] for case in CASES]

_REPEATED = re.compile(r"\{\{(.)\*([0-9]+)\}\}")


def requests_of(case: dict[str, Any], key: str) -> list[bytes]:
    """What is written to the socket, a request each."""
    described = case.get("requests") or [case["request"]]
    return [_wire(request, key) for request in described]


def filled(text: str, key: str = "") -> str:
    """*text* with what stands for something in it."""
    text = text.replace("{KEY}", key).replace("{HOST}", HOST)
    return _REPEATED.sub(lambda found: found[1] * int(found[2]), text)


def _wire(request: dict[str, Any], key: str) -> bytes:
    if "wire" in request:
        return filled(request["wire"], key).encode()
    body = _body(request)
    headers: dict[str, str | None] = {
        "Host": HOST,
        "X-Api-Key": key,
        "Content-Type": "application/json",
        "Content-Length": None if body is None else str(len(body)),
    }
    for name, value in request.get("headers", ()):
        headers[next((known for known in headers if known.lower() == name.lower()), name)] = value
    line = f"{request.get('method', 'POST')} {request.get('path', '/api/public/lead')} HTTP/1.1"
    rows = [f"{name}: {value}" for name, value in headers.items() if value is not None]
    return filled("\r\n".join([line, *rows, "", ""]), key).encode() + (body or b"")


def _body(request: dict[str, Any]) -> bytes | None:
    if "base64" in request:
        return base64.b64decode(request["base64"])
    if "text" in request:
        return filled(request["text"]).encode()
    if "json" in request:
        return filled(json.dumps(request["json"], ensure_ascii=False)).encode()
    return None
