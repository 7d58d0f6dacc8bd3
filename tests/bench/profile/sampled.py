"""
The program, while somebody looks a thousand times a second at what its main thread does.

    python -m tests.bench.profile.sampled FILE serve --port 8000

From SIGUSR1 to SIGUSR2; then FILE says how often each of `PARTS` was seen, as JSON.
"""

import json
import signal
import sys
from collections import Counter
from pathlib import Path
from types import FrameType

EVERY_SECONDS = 0.001
WAITING = "event loop, and waiting"
OTHER = "elsewhere"
PARTS = {
    "log line": ("process/logs.py", "_log_answer", "_log_line", "/structlog/", "/logging/"),
    "who calls: key, page, rate": (
        *("/keys/", "admit_call.py", "allowlist.py", "project.py", "rate_guard.py"),
        *("client_address.py", "credentials.py", "settings_cache.py", "key_of", "api_key.py"),
    ),
    "body to JSON": ("/http/body/", "without_keys", "whole_body", "body_memory.py"),
    "JSON to lead": ("/lead_body/", "address_syntax.py", "/email_validator/", "capture_lead.py"),
    "writer": ("lead_writer.py", "waiting.py"),
    "store": ("/adapters/sqlite/", "/adapters/mongodb/", "/pymongo/", "/motor/", "/bson/"),
    "answer: headers, bytes, socket": (
        *("answers.py", "answer_bytes.py", "cors.py", "finishing.py", "middleware.py"),
        *("/leads/answered.py", "_created", "_refused", "send", "send_answer"),
        *("/sanic/response/", "/sanic/headers.py", "respond"),
    ),
    "handler": ("receive_lead.py", "lead_calls.py", "http/leads.py"),
    "head, routing": ("/connection/", "/http/request.py", "/sanic/", "handle_request", "http1"),
    WAITING: ("asyncio/runners.py", "asyncio/base_events.py", "/asyncio/"),
}
"""What a file or a function is called whose time is that of a part; the innermost one decides."""

seen: Counter[str] = Counter()
_known: dict[tuple[str, str], str | None] = {}


def part_of(path: str, function: str) -> str | None:
    """The part that a function belongs to, if it belongs to one."""
    key = (path, function)
    if key not in _known:
        _known[key] = next(
            (
                part
                for part, marks in PARTS.items()
                if any(mark in path or mark == function for mark in marks)
            ),
            None,
        )
    return _known[key]


def look(_signal: int, frame: FrameType | None) -> None:
    """Note the part of the innermost function that belongs to one."""
    while frame is not None:
        code = frame.f_code
        if (part := part_of(code.co_filename, code.co_name)) is not None:
            seen[part] += 1
            return
        frame = frame.f_back
    seen[OTHER] += 1


def main() -> None:
    """Run the program, ready to look at it."""
    from entrypoints.process.main import main as program  # from the path that is measured

    path = Path(sys.argv.pop(1))

    def begin(*_: object) -> None:
        seen.clear()
        signal.setitimer(signal.ITIMER_REAL, EVERY_SECONDS, EVERY_SECONDS)

    def end(*_: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        whole = path.with_suffix(".part")
        whole.write_text(json.dumps(seen))
        whole.rename(path)

    signal.signal(signal.SIGALRM, look)
    signal.signal(signal.SIGUSR1, begin)
    signal.signal(signal.SIGUSR2, end)
    program()


if __name__ == "__main__":
    main()
