"""One stream of JSON lines on standard error, Sanic's own among them, with nothing secret in it."""

import asyncio
import json
import logging
import math
import re
import sys
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TextIO

import orjson
import structlog
from structlog.typing import EventDict, WrappedLogger

from entrypoints.cli.messages import advised

_SECRETS = re.compile(
    r"swk_[A-Za-z0-9]+"
    r"|(?<=api_key=)[^&\s\"\\]+"
    r"|(?<=hub\.verify_token=)[^&\s\"\\]+"
    r"|[^\s\"<>=,:;\\/\x00-\x1f]+@[^\s\"<>=,:;\\/\x00-\x1f]+\.[^\s\"<>=,:;\\/\x00-\x1f]+"
)
"""Keys, tokens and e-mail addresses: a net below, in case a line names one by mistake."""
_SECRET_NAMES = frozenset({"api_key", "app_secret", "secret_key", "verify_token"})
_SUSPICIOUS = (b"@", b"swk_", b"_key", b"_secret", b"_token")
"""What a line has in it if it has anything to redact; most lines have not, and are spared."""
_LEVELS = {"exception": "error", "warn": "warning"}
_CALL: ContextVar[Mapping[str, object]] = ContextVar("call")
"""What every line of a call says."""
_NO_CALL: Mapping[str, object] = {}

_TRACEBACKS = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)
"""Locals are what was being worked on: bodies, names, keys."""

REDACTED = "[redacted]"
_SANIC_LOGGERS = ("sanic.root", "sanic.error", "sanic.server", "sanic.websockets", "sanic.access")


class _Lines:
    """
    The stream of all lines; those of one turn of the event loop are written together.

    What waits at the end is written when `logging` flushes its handlers, whose stream this is.

    A write costs a tenth of a lead, and another thread may take Python's lock meanwhile. Who is
    killed loses the lines of the last turn, whose calls may have had their answers.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._waiting: deque[str] = deque()  # other threads say something too
        self._due_in: asyncio.AbstractEventLoop | None = None

    def write(self, text: str) -> None:
        """Write *text* before the loop does anything else, or at once where none is running."""
        self._waiting.append(text)
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.flush()
            return
        if self._due_in is not loop:
            self._due_in = loop
            loop.call_soon(self.flush)

    def flush(self) -> None:
        """Write what waits."""
        self._due_in = None  # first: what is said from here on is written by this, or after it
        lines = []
        with suppress(IndexError):  # another thread may write the last line meanwhile
            while True:
                lines.append(self._waiting.popleft())
        # A full disk, or a reader that has gone: whoever says so would say it here.
        with suppress(OSError, ValueError):
            self._stream.write("".join(lines))
            self._stream.flush()


class _NamedLogger:
    """Writes straight to the stream: the way through `logging` costs as much as a lead."""

    def __init__(self, lines: _Lines, name: str) -> None:
        self._lines = lines
        self.name = name

    def msg(self, line: str) -> None:
        """Write one line."""
        self._lines.write(f"{line}\n")

    debug = info = warning = error = critical = msg


def begin_call(request_id: str) -> None:
    """
    From now on every line of this task, and of those that it starts, names this call.

    A connection is one task: what was noted for the call before it goes.
    """
    _CALL.set({"request_id": request_id})


def note_in_call(**members: object) -> None:
    """Let every further line of this call say *members* as well."""
    _CALL.set({**_CALL.get(_NO_CALL), **members})


Say = Callable[[str, str, dict[str, object]], None]
"""Says in the log: a level, an event, and its members, to which it adds."""


def teller(name: str) -> Say:
    """
    What writes the lines of a logger that has one for each call.

    `configure_logging` comes first.
    """
    logger = structlog.get_config()["logger_factory"](name)

    def say(level: str, event: str, members: dict[str, object]) -> None:
        members["event"] = event
        logger.msg(_line(logger, level, members))

    return say


def configure_logging(stream: TextIO = sys.stderr) -> None:
    """Render what every logger of the process says, ours and others', as the same JSON lines."""
    lines = _Lines(stream)
    structlog.configure(
        processors=[_line],  # one, for a chain of them costs more than what they do
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda name: _NamedLogger(lines, name),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(lines)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=[_line_of_record]))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    logging.captureWarnings(True)
    for name in _SANIC_LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers = []
        logger.propagate = True
        logger.setLevel(logging.WARNING)


def _line(logger: WrappedLogger, method: str, event: EventDict) -> str:
    """The line of one event: what it says, whose call it is of, how bad, who says it, and when."""
    event = {
        **_CALL.get(_NO_CALL),
        **event,
        "level": _LEVELS.get(method, method),
        "logger": logger.name,
        "timestamp": datetime.now(UTC),
    }
    if "advice" in event:
        _say_advice(event)
    if "exc_info" in event:
        event = dict(_TRACEBACKS(logger, method, event))
    return _rendered(event)


def _line_of_record(_logger: WrappedLogger, method: str, event: EventDict) -> str:
    """The line of what somebody says through `logging`."""
    record = event.pop("_record")
    del event["_from_structlog"]
    return _line(record, method, event)


def _say_advice(event: EventDict) -> None:
    """What to do in the words of the command line; no member where there is nothing to do."""
    advice = event.pop("advice")
    if isinstance(advice, str):
        event["advice"] = advice
    elif advice:
        event["advice"] = advised(advice)


def _rendered(event: EventDict) -> str:
    try:
        line = orjson.dumps(event, option=orjson.OPT_UTC_Z)
        for mark in _SUSPICIOUS:
            if mark in line:
                break
        else:
            return line.decode()
    except TypeError:  # lone surrogates, large integers, objects: no reason to lose a line
        pass
    event["timestamp"] = event["timestamp"].isoformat().replace("+00:00", "Z")
    return json.dumps(_clean(event), separators=(",", ":"))


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
