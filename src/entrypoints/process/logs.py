"""One stream of JSON lines on standard error, Sanic's own among them, with nothing secret in it."""

import json
import logging
import math
import re
import sys
from collections.abc import Mapping
from typing import TextIO

import orjson
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from entrypoints.cli.messages import advised

_SECRETS = re.compile(
    r"swk_[A-Za-z0-9]+"
    r"|(?<=api_key=)[^&\s\"\\]+"
    r"|(?<=hub\.verify_token=)[^&\s\"\\]+"
    r"|[^\s\"<>=,:;\\/\x00-\x1f]+@[^\s\"<>=,:;\\/\x00-\x1f]+\.[^\s\"<>=,:;\\/\x00-\x1f]+"
)
"""Keys, tokens and e-mail addresses: a net below, in case a line names one by mistake."""
_SECRET_NAMES = frozenset({"api_key", "app_secret", "secret_key", "verify_token"})
_SUSPICIOUS = re.compile(rb"swk_|@|api_key|app_secret|secret_key|verify_token")
"""What a line has in it if it has anything to redact; most lines have not, and are spared."""

_TRACEBACKS = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)
"""Locals are what was being worked on: bodies, names, keys."""

REDACTED = "[redacted]"
_SANIC_LOGGERS = ("sanic.root", "sanic.error", "sanic.server", "sanic.websockets", "sanic.access")


class _NamedLogger(structlog.WriteLogger):
    """Writes straight to the stream: the way through `logging` costs as much as a lead."""

    def __init__(self, stream: TextIO, name: str) -> None:
        super().__init__(stream)
        self.name = name


def configure_logging(stream: TextIO = sys.stderr) -> None:
    """Render what every logger of the process says, ours and others', as the same JSON lines."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, _say_advice, _TRACEBACKS, _render],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *names: _NamedLogger(stream, *names),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _TRACEBACKS,
                _render,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    logging.captureWarnings(True)
    for name in _SANIC_LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers = []
        logger.propagate = True
        logger.setLevel(logging.WARNING)


def _say_advice(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """What to do in the words of the command line; no member where there is nothing to do."""
    advice = event.pop("advice", ())
    if isinstance(advice, str):
        event["advice"] = advice
    elif advice:
        event["advice"] = advised(advice)
    return event


def _render(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    try:
        line = orjson.dumps(event)
        if _SUSPICIOUS.search(line) is None:
            return line.decode()
        return orjson.dumps(_clean(event)).decode()
    except TypeError:  # lone surrogates, large integers, objects: no reason to lose a line
        return json.dumps(_clean(event))


def _clean(value: object) -> object:
    """*value* as plain JSON values without secrets; before rendering, so that it stays JSON."""
    if isinstance(value, str):
        return _SECRETS.sub(REDACTED, value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {
            str(_clean(str(name))): REDACTED if name in _SECRET_NAMES else _clean(item)
            for name, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return _clean(repr(value))
