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

_SECRETS = re.compile(
    r"swk_[A-Za-z0-9]+"
    r"|(?<=api_key=)[^&\s\"\\]+"
    r"|(?<=hub\.verify_token=)[^&\s\"\\]+"
    r"|[^\s\"<>=,:;\\/\x00-\x1f]+@[^\s\"<>=,:;\\/\x00-\x1f]+\.[^\s\"<>=,:;\\/\x00-\x1f]+"
)
"""Keys, tokens and e-mail addresses: a net below, in case a line names one by mistake."""
_MARKS = ("swk_", "api_key=", "hub.verify_token=", "@")
_SECRET_NAMES = frozenset({"api_key", "app_secret", "secret_key", "verify_token"})

_TRACEBACKS = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)
"""Locals are what was being worked on: bodies, names, keys."""

REDACTED = "[redacted]"
_SANIC_LOGGERS = ("sanic.root", "sanic.error", "sanic.server", "sanic.websockets", "sanic.access")


def configure_logging(stream: TextIO = sys.stderr) -> None:
    """Send every logger of the process through one JSON formatter."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.stdlib.LoggerFactory(),
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


def _render(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    clean = _clean(event)
    try:
        return orjson.dumps(clean).decode()
    except (
        TypeError
    ):  # lone surrogates, integers beyond 64 bits: rare, and no reason to lose a line
        return json.dumps(clean)


def _clean(value: object) -> object:
    """*value* as plain JSON values without secrets; before rendering, so that it stays JSON."""
    if isinstance(value, str):
        # The pattern is slow on long texts, and most lines have nothing for it.
        suspect = any(mark in value for mark in _MARKS)
        return _SECRETS.sub(REDACTED, value) if suspect else value
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
