"""One stream of JSON lines, with nothing secret in it."""

import asyncio
import contextlib
import io
import json
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from entrypoints.process import logs
from entrypoints.process.logs import _Lines
from tests.support.program import environment

EMAIL = "ada.lovelace@example.com"
KEY = "swk_" + "A" * 33


SECRET_NAMES = ("verify_token", "app_secret", "api_key", "secret_key")
VALUES = ("'\\udcff'", "2 ** 70", "b'x'", "{1: 2}", "{('a',): 1}", "float('nan')", "object()")
REDACTED = [
    (f"key {KEY} given", "key [redacted] given"),
    (f"?api_key={KEY}&x=1", "?api_key=[redacted]&x=1"),
    ("?api_key=another&x=1", "?api_key=[redacted]&x=1"),
    ("hub.verify_token=hunter2&hub.mode=x", "hub.verify_token=[redacted]&hub.mode=x"),
    (f"from {EMAIL}, today", "from [redacted], today"),
    (f"<{EMAIL}>", "<[redacted]>"),
    ("zoë@münchen.example", "[redacted]"),
    (f"two\n{EMAIL}\nlines", "two\n[redacted]\nlines"),
    (f"tab\t{EMAIL}\x01", "tab\t[redacted]\x01"),
    (f'"{EMAIL}"', '"[redacted]"'),
    (f"back\\{EMAIL}", "back\\[redacted]"),
]


def _run(tmp_path: Path, code: str, **variables: str) -> bytes:
    """What *code* logs in a process of its own, as `configure_logging()` is for all of one."""
    script = "import logging, structlog\nfrom entrypoints.process.logs import configure_logging\n"
    script += "configure_logging()\nlog = structlog.get_logger('swiftcrm.test')\n"
    done = subprocess.run(
        [sys.executable, "-c", script + textwrap.dedent(code)],
        env=environment(tmp_path / "unused.db") | variables,
        capture_output=True,
        check=True,
    )
    assert done.stdout == b""
    return done.stderr


def _logged(tmp_path: Path, code: str, **variables: str) -> list[dict[str, Any]]:
    """What *code* logs; fails if a line is not one JSON object."""
    lines = [json.loads(line) for line in _run(tmp_path, code, **variables).splitlines()]
    assert all(isinstance(line, dict) for line in lines)
    return lines


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """A line for each of the cases above, from one process."""
    calls = [
        f"log.info('text {number}', text={text!r}, deep=[{{'a': {text!r}}}])"
        for number, (text, _) in enumerate(REDACTED)
    ]
    calls += [
        f"log.info('name {n}', {n}='hunter2', deep={{{n!r}: 'hunter2'}})" for n in SECRET_NAMES
    ]
    calls += [f"log.info({f'value {value}'!r}, value={value})" for value in VALUES]
    return _run(tmp_path_factory.mktemp("logs"), "\n".join(calls)).splitlines()


def _line(lines: list[bytes], event: str) -> dict[str, Any]:
    """The line of *event*, which must be one JSON object."""
    [text] = [line for line in lines if json.dumps(event).encode() in line]
    line = json.loads(text)
    assert line["event"] == event
    return dict(line)


@pytest.mark.parametrize("number", range(len(REDACTED)), ids=lambda n: repr(REDACTED[n][0]))
def test_a_secret_in_a_line_is_redacted_and_the_line_stays_json(
    lines: list[bytes], number: int
) -> None:
    line = _line(lines, f"text {number}")

    assert line["text"] == REDACTED[number][1]
    assert line["deep"] == [{"a": REDACTED[number][1]}]


@pytest.mark.parametrize("name", SECRET_NAMES)
def test_a_member_that_is_called_like_a_secret_is_redacted(lines: list[bytes], name: str) -> None:
    line = _line(lines, f"name {name}")

    assert name in line
    assert "hunter2" not in json.dumps(line)


def _defect(message: str) -> str:
    return f"""
    def fail(body):
        raise ValueError({message!r})
    try:
        fail("hunter2")
    except ValueError:
        log.exception("http.defect")
    """


def test_a_traceback_is_json_without_locals(tmp_path: Path) -> None:
    [line] = _logged(tmp_path, _defect("no"))
    [trace] = line["exception"]

    assert (trace["exc_type"], trace["exc_value"]) == ("ValueError", "no")
    assert [frame["name"] for frame in trace["frames"]] == ["<module>", "fail"]
    assert all(not frame.get("locals") for frame in trace["frames"])
    assert "hunter2" not in json.dumps(line)


def test_a_secret_in_a_traceback_is_redacted(tmp_path: Path) -> None:
    [line] = _logged(tmp_path, _defect(f"no\n{EMAIL}"))

    assert line["exception"][0]["exc_value"] == "no\n[redacted]"


@pytest.mark.parametrize("value", VALUES)
def test_no_value_makes_a_line_that_is_not_json(lines: list[bytes], value: str) -> None:
    assert "value" in _line(lines, f"value {value}")


def test_advice_is_said_in_the_words_of_the_command_line(tmp_path: Path) -> None:
    code = """
    from domain.errors import Advice, AdviceCode
    saved = Advice(AdviceCode.RESTORE_SAVED_COPY, {"copy": "/data/{x}.saved"})
    log.error("store.lost", advice=[saved, Advice(AdviceCode.MAKE_STORE)])
    log.info("nothing to do", advice=[])
    log.info("said already", advice="Look there.")
    """

    lost, nothing, said = _logged(tmp_path, code)

    assert lost["advice"].startswith("Run `swiftcrm restore /data/{x}.saved`.")
    assert lost["advice"].endswith("`swiftcrm serve` or `swiftcrm project create` makes one.")
    assert "advice" not in nothing
    assert said["advice"] == "Look there."


def test_lines_of_libraries_are_json_too(tmp_path: Path) -> None:
    code = f"""
    logging.getLogger("sanic.root").warning("from %s", {EMAIL!r})
    logging.getLogger("sanic.access").info("not wanted")
    logging.getLogger("asyncio").error("oops", extra={{"x": 1}})
    """

    lines = _logged(tmp_path, code)

    assert [line["event"] for line in lines] == ["from [redacted]", "oops"]
    assert [line["logger"] for line in lines] == ["sanic.root", "asyncio"]


def test_text_of_any_language_is_logged_whatever_the_terminal_claims(tmp_path: Path) -> None:
    [line] = _logged(tmp_path, "log.info('中')", PYTHONIOENCODING="ascii")

    assert line["event"] in ("中", "\\u4e2d")


def test_a_warning_of_python_is_json_too(tmp_path: Path) -> None:
    [line] = _logged(tmp_path, "import warnings; warnings.warn('old')")

    assert "old" in line["event"]


def test_a_timestamp_is_utc_and_says_so_also_where_something_was_redacted(tmp_path: Path) -> None:
    code = f"""
    log.info("plain")
    log.info({EMAIL!r})
    logging.getLogger("asyncio").error("theirs")
    log.info("odd", value=object())
    """
    before = datetime.now(UTC)

    lines = _logged(tmp_path, code, TZ="Asia/Tokyo")

    assert [line["event"] for line in lines] == ["plain", "[redacted]", "theirs", "odd"]
    assert all(line["timestamp"].endswith("Z") for line in lines)
    times = [datetime.fromisoformat(line["timestamp"]) for line in lines]
    in_order = [before, *times, datetime.now(UTC)]
    assert in_order == sorted(in_order)


class Stream(io.StringIO):
    """Notes what is written in one go."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[str] = []

    def write(self, text: str) -> int:
        self.writes.append(text)
        return len(text)


@pytest.fixture
def stream() -> Stream:
    return Stream()


@pytest.fixture
def together(stream: Stream) -> _Lines:
    return _Lines(stream)


def in_a_thread(work: Any, *arguments: Any) -> None:
    thread = threading.Thread(target=work, args=arguments)
    thread.start()
    thread.join()


async def test_the_lines_of_one_turn_of_the_loop_are_one_write(
    stream: Stream, together: _Lines
) -> None:
    together.write("1\n")
    together.write("2\n")
    assert stream.writes == []
    await asyncio.sleep(0)
    assert stream.writes == ["1\n2\n"]

    together.write("3\n")
    await asyncio.sleep(0)
    assert stream.writes == ["1\n2\n", "3\n"]


def test_where_no_loop_runs_each_line_is_written_at_once(stream: Stream, together: _Lines) -> None:
    together.write("1\n")
    assert stream.writes == ["1\n"]
    together.write("2\n")
    assert stream.writes == ["1\n", "2\n"]


async def test_what_another_thread_says_is_written_whatever_the_loop_does(
    stream: Stream, together: _Lines
) -> None:
    in_a_thread(together.write, "theirs\n")
    assert stream.writes == ["theirs\n"]

    together.write("ours\n")
    in_a_thread(together.write, "theirs, too\n")
    await asyncio.sleep(0)
    assert "".join(stream.writes) == "theirs\nours\ntheirs, too\n"


def interrupted(work: Callable[[], None], at: int, between: Callable[[], None]) -> bool:
    """
    Do *work* in a thread, and *between* in another one before its line *at*; whether it has one.

    Where *work* has a lock by then, *between* waits for its end.
    """
    left = at
    other = threading.Thread(target=between)

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal left
        if frame.f_code.co_filename != logs.__file__:
            return None
        left -= event == "line"
        if left == 0 and event == "line":
            other.start()
            other.join(timeout=0.1)
        return trace

    def traced() -> None:
        sys.settrace(trace)
        work()

    in_a_thread(traced)
    if left <= 0:
        other.join()
    return left <= 0


@pytest.mark.parametrize("says", [["theirs\n"], []], ids=["says something", "writes what waits"])
def test_no_line_is_lost_or_left_waiting_whenever_another_thread_is_let_in(says: list[str]) -> None:
    for point in count(1):
        stream = Stream()
        lines = _Lines(stream)
        between = partial(lines.write, *says) if says else lines.flush
        if not interrupted(partial(lines.write, "ours\n"), point, between):
            break
        assert sorted("".join(stream.writes).splitlines(keepends=True)) == ["ours\n", *says], point
    assert point > 5


def test_what_was_said_in_the_last_turn_of_a_loop_is_written_at_the_end(tmp_path: Path) -> None:
    code = """
    import asyncio
    async def say():
        log.info("first")
        await asyncio.sleep(0)
        log.info("last")
        log.info("very last")
    loop = asyncio.new_event_loop()
    loop.run_until_complete(say())
    loop.close()
    """

    assert [line["event"] for line in _logged(tmp_path, code)] == ["first", "last", "very last"]


def test_lines_of_libraries_stand_among_ours_in_their_order(tmp_path: Path) -> None:
    code = """
    import asyncio
    theirs = logging.getLogger("asyncio")
    async def say():
        log.info("1")
        theirs.error("2")
        log.info("3")
        log.info("4")
        theirs.error("5")
        await asyncio.sleep(0)
        log.info("6")
    asyncio.run(say())
    theirs.error("7")
    log.info("8")
    """

    assert [line["event"] for line in _logged(tmp_path, code)] == list("12345678")


async def test_a_log_that_cannot_be_written_is_no_work_without_end() -> None:
    with Path("/dev/full").open("w", buffering=1) as full:  # noqa: ASYNC230
        lines = _Lines(full)
        failures: list[object] = []
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _loop, context: failures.append(context))
        lines.write("a line\n")
        for _ in range(3):
            await asyncio.sleep(0)
        lines.flush()
        with contextlib.suppress(OSError):
            full.close()

    assert failures == []
