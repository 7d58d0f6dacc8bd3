"""
The program, with a profiler that writes down which functions of its source each call enters.

    python -m tests.bench.tracing SOURCE TRACE MODULE:FUNCTION ARGUMENT...

It knows the main function of the program by name, and nothing else of it: whatever else it watches
is the standard library's or PyMongo's. So it follows any version of the program.
"""

import importlib
import json
import opcode
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, NamedTuple

from pymongo.monitoring import CommandListener, CommandStartedEvent, register

from adapters.sqlite.connection.driver import sqlite3

MARK = "Walked-By"
"""Every lead and every message contains it, so that we tell the write of one from other writes."""
SQL_WRITES = ("INSERT", "REPLACE", "UPDATE")
MONGODB_WRITES = ("insert", "update", "findAndModify", "bulkWrite")
COMPREHENSIONS = ("<listcomp>", "<setcomp>", "<dictcomp>")
"""Python 3.11 makes functions of them, later versions do not."""

RESUME = opcode.opmap["RESUME"]
"""With it a function begins (its argument is 0), and goes on after it waited (it is not)."""


class Step(NamedTuple):
    """
    A function that is entered, or goes on after it waited.

    Attributes:
        file: Where it is, relative to the source.
        depth: How many functions of the source, up to the event loop, called one another until
            this one was called.
    """

    file: str
    function: str
    resumed: bool
    depth: int


@dataclass
class Trace:
    """
    One call, from the bytes that a connection received to the answer.

    Attributes:
        kept: How many steps came before the store was told to write what was sent.
        write: What the store was told, in short; empty before it was.
    """

    steps: list[Step] = field(default_factory=list)
    kept: int = 0
    write: str = ""


class Tracer:
    """Watches all threads for one call at a time: it could not tell the steps of two apart."""

    def __init__(self, source: Path, written_to: Path) -> None:
        self._root = f"{source}/"
        self._written_to = written_to
        self._files: dict[str, str | None] = {}
        self._trace: Trace | None = None

    def start(self) -> None:
        """Watch this thread, and every thread and store that the program will open."""
        register(_MongodbWrites(self))
        sqlite3.connect = self._watching(sqlite3.connect)
        threading.setprofile(self._on_event)
        sys.setprofile(self._on_event)

    def note_write(self, write: str, content: str) -> None:
        """
        Note that the store is told to write *content*.

        A message's write follows the write of its lead: the last one counts.
        """
        trace = self._trace
        if trace is not None and MARK in content:
            trace.kept, trace.write = len(trace.steps), write

    def _watching(self, connect: Any) -> Any:
        def watched(*arguments: Any, **options: Any) -> sqlite3.Connection:
            connection: sqlite3.Connection = connect(*arguments, **options)
            connection.set_trace_callback(self._on_statement)
            return connection

        return watched

    def _on_statement(self, statement: str) -> None:
        """SQLite begins to execute *statement*, which contains the values by now."""
        words = statement.split(maxsplit=3)
        if words[0].upper() in SQL_WRITES:
            self.note_write(" ".join(words[:3]), statement)

    def _on_event(self, frame: FrameType, event: str, _: object) -> None:
        if event != "call":
            return
        if self._trace is None and frame.f_code.co_name == "data_received":
            self._trace = Trace()
        if (trace := self._trace) is None:
            return
        if _writes_to_a_socket(frame.f_code):
            self._end(trace, frame.f_locals["data"])
        elif (step := self._step(frame)) is not None:
            trace.steps.append(step)

    def _end(self, trace: Trace, data: bytes) -> None:
        """Write the walk down before its answer leaves: whoever reads the answer finds it."""
        if data.startswith(b"HTTP/"):
            self._written_to.write_text(json.dumps([trace.steps, trace.kept, trace.write]))
            self._trace = None

    def _step(self, frame: FrameType) -> Step | None:
        """
        None for a library's function, a comprehension, and a generator that is only thrown away.

        Generators that nobody needs further are thrown away whenever Python finds them.
        """
        code = frame.f_code
        file = self._file_of(code)
        if file is None or code.co_name in COMPREHENSIONS:
            return None
        instruction, argument = code.co_code[frame.f_lasti : frame.f_lasti + 2]
        if instruction != RESUME:
            return None
        return Step(file, code.co_qualname, resumed=argument != 0, depth=self._depth(frame))

    def _file_of(self, code: CodeType) -> str | None:
        """The function's file, relative to the source; None where it is a library's."""
        path = code.co_filename
        if path not in self._files:
            is_ours = path.startswith(self._root)
            self._files[path] = path.removeprefix(self._root) if is_ours else None
        return self._files[path]

    def _depth(self, frame: FrameType) -> int:
        depth, caller = 0, frame.f_back
        while caller is not None and not _is_of_the_loop(caller.f_code):
            depth += self._file_of(caller.f_code) is not None
            caller = caller.f_back
        return depth


class _MongodbWrites(CommandListener):
    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer

    def started(self, event: CommandStartedEvent) -> None:
        if event.command_name in MONGODB_WRITES:
            write = f"{event.command_name} {event.command[event.command_name]}"
            self._tracer.note_write(write, repr(event.command))

    def succeeded(self, event: object) -> None: ...
    def failed(self, event: object) -> None: ...


def _writes_to_a_socket(code: CodeType) -> bool:
    return code.co_name == "write" and code.co_filename.endswith("asyncio/selector_events.py")


def _is_of_the_loop(code: CodeType) -> bool:
    return code.co_filename.endswith("asyncio/events.py")


def main() -> None:
    """Run the program as its console script does, on the loop whose writes a profiler sees."""
    source, trace, script, *arguments = sys.argv[1:]
    sys.modules["uvloop"] = None  # type: ignore[assignment]  whoever imports it finds none
    sys.argv = [script, *arguments]
    Tracer(Path(source), Path(trace)).start()
    module, _, function = script.partition(":")
    getattr(importlib.import_module(module), function)()


if __name__ == "__main__":
    main()
