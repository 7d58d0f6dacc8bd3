"""One stream of JSON lines on standard error, Sanic's own among them, with nothing secret in it."""

import logging
import re
import sys
from typing import TextIO

import orjson
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

_SECRETS = re.compile(
    r"swk_[A-Za-z0-9]+"
    r"|(?<=api_key=)[^&\s\"\\]+"
    r"|(?<=hub\.verify_token=)[^&\s\"\\]+"
    r"|[^\s\"<>=,:;\\/]+@[^\s\"<>=,:;\\/]+\.[^\s\"<>=,:;\\/]+"
)
"""Keys, tokens and e-mail addresses: a net below, in case a line names one by mistake."""

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
                structlog.processors.dict_tracebacks,
                _render,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    for name in _SANIC_LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers = []
        logger.propagate = True
        logger.setLevel(logging.WARNING)


def _render(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    line = orjson.dumps(event, default=repr, option=orjson.OPT_NON_STR_KEYS).decode()
    return _SECRETS.sub(REDACTED, line)
