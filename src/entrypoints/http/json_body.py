"""From the bytes of a request to a JSON object, strictly and without altering anything."""

import json
import re
from typing import Any

import orjson
from sanic.exceptions import SanicException

from domain.json_value import JsonObject
from domain.refusals import InvalidJson
from entrypoints.http.request import Request

_JSON_TYPE = re.compile(r"text/plain|text/json|application/(?:[!#$&^_.+0-9a-z-]+\+)?json")
_UTF8 = frozenset({"utf-8", "utf8", "us-ascii"})
_LONG_NUMBER = re.compile(rb"[0-9]{19}")


def refuse_other_types(request: Request) -> None:
    """
    Let through what may hold JSON: JSON types, text/plain, or no type at all.

    Raises:
        SanicException: With status 415.
    """
    types = request.headers.getall("content-type", ())
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity") or not all(_is_json(value) for value in types):
        raise SanicException(status_code=415)


def parse_object(body: bytes) -> JsonObject:
    """
    The object in *body* (RFC 8259, UTF-8; of a repeated name the last value).

    Raises:
        InvalidJson: There is none.
    """
    try:
        value: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise InvalidJson from None
    if not isinstance(value, dict):
        raise InvalidJson
    return _with_exact_integers(body, value)


def _with_exact_integers(body: bytes, value: dict[str, Any]) -> JsonObject:
    """Read long integers as they are: orjson makes floats of those beyond 64 bits."""
    if _LONG_NUMBER.search(body) is None:
        return value
    try:
        exact: dict[str, Any] = json.loads(body)
    except RecursionError:  # nested far deeper than the validation lets through anyway
        return value
    return exact


def _is_json(content_type: str) -> bool:
    main, *parameters = content_type.lower().split(";")
    if not main.strip():
        return True
    for parameter in parameters:
        name, _, value = parameter.strip().partition("=")
        if name == "charset" and value.strip('"') not in _UTF8:
            return False
    return _JSON_TYPE.fullmatch(main.strip()) is not None
